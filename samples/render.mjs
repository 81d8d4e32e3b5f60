// Renders the sample pictures into public/samples/: all of them, or those named on the command line.
import { readdirSync } from 'node:fs';

const folder = new URL('picture/', import.meta.url);
const known = readdirSync(folder).map((file) => file.replace(/\.mjs$/, ''));
const settings = {};
const wanted = [];
for (const argument of process.argv.slice(2)) {
  const [key, value] = argument.split('=');
  if (value === undefined) wanted.push(key);
  else settings[key] = Number(value);
}
for (const name of wanted.length > 0 ? wanted : known) {
  if (!known.includes(name)) throw new Error(`no picture is called "${name}"; there are: ${known.join(', ')}`);
  const started = performance.now();
  const { render } = await import(new URL(`${name}.mjs`, folder).href);
  await render(settings);
  console.log(`  ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
