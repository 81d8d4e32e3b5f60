// Compiles the WebP decoder alone to dist/webp.wasm, for its tests and benches.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
const output = join(root, "dist", "webp.wasm");

mkdirSync(dirname(output), { recursive: true });
execFileSync(
  process.execPath,
  [
    compiler, join(root, "wasm/webp/index.ts"), "--outFile", output, "-O3", "--noAssert", "--runtime", "stub",
    "--enable", "simd", "--enable", "bulk-memory", "--initialMemory", "1", "--maximumMemory", "1024", "--use", "abort=",
  ],
  { stdio: "inherit" },
);
const bytes = readFileSync(output);
console.log(`dist/webp.wasm: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
