/**
 * `npm run build:wasm [-- --names]`: brings dist/codec.wasm up to date and prints its size. `--names` keeps the names of functions.
 * Also `node --import ./scripts/build-wasm.mjs …`, for programs that load the codec.
 */
import { isMainThread } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { buildCodec } from './codec.mjs';

if (isMainThread) {
  const { bytes, isNew } = await buildCodec({ options: process.argv.includes('--names') ? ['--debug'] : [] });
  const kibibytes = (count) => `${(count / 1024).toFixed(1)} KiB`;
  console.log(
    `dist/codec.wasm: ${kibibytes(bytes.length)}, ${kibibytes(gzipSync(bytes, { level: 9 }).length)} gzip${isNew ? '' : ' (its sources have not changed)'}`,
  );
}
