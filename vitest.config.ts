import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

/** The packages of the clouds bring CommonJS that sets globals, which no other test is to meet. */
const PROVIDER_TESTS = 'test/adapter/upstream/{bedrock,vertex,foundry}.test.ts';

/** As `[alias]` in wrangler.toml. */
const ABSENT = fileURLToPath(new URL('./src/provider/absent.ts', import.meta.url));

/**
 * Six projects in one run: `worker` in workerd, for everything that runs there; `provider` there as well, for the other clouds; `node` for what needs an oracle such
 * as sharp or the file system; `black-box` for the whole service over HTTP and the documents that show it; `simulator` for the stand-in for Claude; `browser` for the
 * playground in Chromium, skipped with a line where there is none.
 */
export default defineConfig({
  test: {
    // Vitest leaves one core to itself, which of two is half of the machine; it needs little of it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    globalSetup: ['./test/support/codec.ts', './test/black-box/support/broker.ts'],
    projects: [
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './test/wrangler.toml' } })],
        test: {
          name: 'worker',
          isolate: false,
          testTimeout: 30_000,
          include: ['test/{core,contract,stage,operation,isolate,adapter,http,config}/**/*.test.ts', 'test/*.test.ts'],
          exclude: [PROVIDER_TESTS],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './test/wrangler.toml' } })],
        resolve: { alias: { '@aws-sdk/credential-providers': ABSENT, 'google-auth-library': ABSENT } },
        test: { name: 'provider', testTimeout: 30_000, include: [PROVIDER_TESTS] },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './simulator/wrangler.toml' } })],
        test: { name: 'simulator', isolate: false, testTimeout: 30_000, include: ['test/simulator/**/*.test.ts'] },
      },
      { test: { name: 'node', isolate: false, include: ['test/{codec,house}/**/*.test.ts'], environment: 'node', testTimeout: 60_000 } },
      {
        test: {
          name: 'black-box',
          // For wrangler, which the command line starts afresh for each step: about a quarter of its CPU is spent on compiling itself.
          env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/compile', import.meta.url)) },
          include: ['test/black-box/**/*.test.ts', 'test/document/**/*.test.mjs'],
          environment: 'node',
          testTimeout: 240_000,
          hookTimeout: 90_000,
        },
      },
      { test: { name: 'browser', include: ['test/browser/**/*.test.mjs'], environment: 'node', testTimeout: 60_000, hookTimeout: 120_000 } },
    ],
  },
});
