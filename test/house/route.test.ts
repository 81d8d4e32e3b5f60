import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROUTE_NAMES, routeOf } from '../../src/contract/route.ts';

/** The patterns of the asset router: text, with `*` for anything. */
function patterns(): readonly string[] {
  const list = /^run_worker_first = \[([^\]]*)\]$/m.exec(readFileSync('wrangler.toml', 'utf8'))?.[1] ?? '';
  return [...list.matchAll(/"([^"]+)"/g)].map(([, pattern = '']) => pattern);
}

const matches = (pattern: string, path: string) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern);

describe('run_worker_first of wrangler.toml', () => {
  it('brings every route to the Worker before the static files are looked at', () => {
    expect(patterns().length).toBeGreaterThan(3);
    const missing = ROUTE_NAMES.map((name) => routeOf(name).path).filter((path) => !patterns().some((pattern) => matches(pattern, path)));
    expect(missing).toEqual([]);
  });

  it('names no address that has no route', () => {
    const idle = patterns().filter((pattern) => !ROUTE_NAMES.some((name) => matches(pattern, routeOf(name).path)));
    expect(idle).toEqual([]);
  });
});
