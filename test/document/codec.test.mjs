import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** The two peaks at the end of each line: to the standard and to the high tier, in MB. */
function peaksOf(lines, pattern) {
  return lines.flatMap((line) => {
    const match = pattern.exec(line);
    return match === null ? [] : [[match[1], match[2]]];
  });
}

it('the peaks in the page of the codec are those that its command prints', async () => {
  const text = await readFile('wasm/README.md', 'utf8');
  const [, program] = /```sh\nnpx node --input-type=module <<'EOF'\n([\s\S]*?)EOF\n```/.exec(text) ?? [];
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const printed = peaksOf(stdout.split('\n'), / (\d+\.\d) (\d+\.\d)$/);
  expect(printed.length).toBeGreaterThan(10);
  expect(peaksOf(text.split('\n'), /\| (\d+\.\d) +\| (\d+\.\d) +\|$/)).toEqual(printed);
});
