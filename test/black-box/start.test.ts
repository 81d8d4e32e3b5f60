/** What `npm start` says when it cannot start. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

async function start(environment: Record<string, string>, ...options: string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, ['scripts/start.mjs', ...options], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, said: (out + error).trim() };
}

describe('npm start', () => {
  it('says that its port is taken, and how to take another', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
    const { code, said } = await start({ PORT: String(port) });
    server.close();
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^Port ${port} is in use\\. .*PORT=\\d+ npm start$`));
  });

  it.each(['abc', '0', '80000', '87.5'])('refuses PORT=%s', async (port) => {
    expect(await start({ PORT: port })).toEqual({ code: 1, said: `PORT is "${port}"; it must be a whole number from 1 to 65535.` });
  });

  it('explains itself, and refuses what it does not know', async () => {
    expect(await start({}, '--help')).toMatchObject({ code: 0, said: expect.stringContaining('--verbose') });
    expect(await start({}, '--quiet')).toMatchObject({ code: 1, said: expect.stringContaining("'--quiet'") });
  });
});
