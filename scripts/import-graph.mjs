/**
 * The house as numbers: files as rooms, imports as arrows, and floors, the longest way down from a file that nobody imports.
 * `npm run graph` or `node scripts/import-graph.mjs src/stage`: of one folder, its inside alone; folders below it count by name.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const [root = 'src'] = process.argv.slice(2);

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
  .map((entry) => join(entry.parentPath, entry.name));
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const roomOf = (file) => relative(root, file).split('/').slice(0, -1)[0] ?? relative(root, file);

console.log(`${root}: ${files.length} files`);
print('files', files, (file) => imports.get(file) ?? []);
const rooms = [...new Set(files.map(roomOf))];
print('folders', rooms, (room) => [...new Set(files.filter((file) => roomOf(file) === room).flatMap((file) => (imports.get(file) ?? []).map(roomOf)))]);

/** Imports that stay inside the folder, types too. */
function importsOf(file) {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found = [...text.matchAll(/(?:from|import)\s+['"](\.{1,2}\/[^'"]+\.ts)['"]/g)].map(([, path]) => normalize(join(dirname(file), path)));
  return [...new Set(found)].filter((path) => files.includes(path));
}

function print(word, nodes, leadsTo) {
  const arrows = nodes.flatMap((node) => leadsTo(node).filter((other) => other !== node));
  const known = new Map();
  const cycles = new Set();
  const floor = (node, path) => {
    if (path.includes(node)) {
      cycles.add([...path.slice(path.indexOf(node)), node].join(' → '));
      return 0;
    }
    if (!known.has(node)) known.set(node, 1 + Math.max(0, ...leadsTo(node).map((other) => (other === node ? 0 : floor(other, [...path, node])))));
    return known.get(node);
  };
  const floors = Math.max(...nodes.map((node) => floor(node, [])));
  console.log(`${word}: ${nodes.length} rooms, ${floors} floors, ${arrows.length} arrows, ${cycles.size} circles`);
  for (const cycle of cycles) console.log(`  ${cycle}`);
}
