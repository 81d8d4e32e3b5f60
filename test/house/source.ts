/** The project's sources as text, for tests of how they are laid out. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Source {
  /** Path from the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports: a path from the root for its own files, else the name as written. */
  readonly imports: readonly string[];
}

/** All files below these folders whose names end so; folders that do not exist have none. */
export function sourcesOf(folders: readonly string[], ending: RegExp = /\.(ts|mjs)$/): readonly Source[] {
  return folders.flatMap((folder) =>
    pathsBelow(folder)
      .filter((path) => ending.test(path))
      .map((path) => {
        const text = readFileSync(ROOT + path, 'utf8');
        return { path, text, imports: importsOf(path, text) };
      }),
  );
}

function pathsBelow(folder: string): readonly string[] {
  const entries = readdirSync(ROOT + (folder.includes('/') ? posix.dirname(folder) : ''), { withFileTypes: true });
  if (!entries.some((entry) => entry.name === posix.basename(folder) && entry.isDirectory())) return [];
  return readdirSync(ROOT + folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/[\\/]\./.test(entry.parentPath))
    .map((entry) => posix.join(entry.parentPath.slice(ROOT.length).replaceAll('\\', '/'), entry.name))
    .toSorted();
}

/** Static and dynamic imports and re-exports, types included: a type is a dependency, too. */
function importsOf(path: string, text: string): readonly string[] {
  const code = withoutComments(text);
  const found = [...code.matchAll(/(?<!['"])\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
  return found.map((name) => (name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), name)) : name));
}

/** Code without its comments. Strings that hold comment marks lose what follows, which no import does. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
