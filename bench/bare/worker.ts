/** The least that a cached answer can cost on Workers: read the body, hash it, one KV get. The peer of the cache-hit bench. */
import { Hono } from 'hono';

const app = new Hono<{ Bindings: { CACHE: KVNamespace } }>();

app.post('/', async (c) => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await c.req.arrayBuffer())).toHex();
  const value = await c.env.CACHE.get(digest, 'json');
  if (value === null) c.executionCtx.waitUntil(c.env.CACHE.put(digest, JSON.stringify({ text: 'x'.repeat(400) })));
  return c.json({ digest, value });
});

export default app;
