import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './simulator/wrangler.toml' } })],
        test: { name: 'simulator', include: ['test/simulator/**/*.test.ts'] },
      },
    ],
  },
});
