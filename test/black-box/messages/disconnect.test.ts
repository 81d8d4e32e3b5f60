/** A client that leaves: the upstream call ends with it, unless it was asked to finish for the cache. */
import { connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, eventually, type Rig, startBareRig, type Target } from './support/rig.ts';
import { MODEL } from './support/shape.ts';

const TARGETS = ['direct'] as const;
const HELLO = { model: MODEL, max_tokens: 512, messages: [{ role: 'user' as const, content: 'Hello' }] };

describe.each(TARGETS)('through %s', (name) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startBareRig();
  });
  beforeEach(() => rig.reset());
  afterAll(() => rig?.stop());
  const isCancelled = async (): Promise<boolean> => (await rig.seen())[0]?.is_cancelled === true;

  it('a stream that nobody reads any more is cancelled upstream', async () => {
    await rig.fault({ kind: 'stall', after_events: 5 });
    const socket = await send(rig[name], { ...HELLO, stream: true });
    await new Promise<void>((resolve) => socket.on('data', (data) => String(data).includes('content_block_delta') && resolve()));
    expect(await isCancelled()).toBe(false);
    socket.resetAndDestroy();
    expect(await eventually(isCancelled)).toBe(true);
  });

  it('a call that nobody waits for any more is cancelled upstream, before its answer began', async () => {
    await rig.fault('hang');
    const socket = await send(rig[name], HELLO);
    expect(await eventually(async () => (await rig.seen()).length === 1)).toBe(true);
    socket.resetAndDestroy();
    expect(await eventually(isCancelled)).toBe(true);
  });

  it('a stream that is read to its end is not', async () => {
    await rig.fault({ kind: 'latency', event_delay_ms: 20 });
    expect((await connect(rig[name]).messages.stream(HELLO).finalMessage()).stop_reason).toBe('end_turn');
    expect(await isCancelled()).toBe(false);
  });
});

/** A request on a socket of its own, which can be reset as a client that crashes or loses its network does. */
async function send({ url, key }: Target, body: unknown): Promise<Socket> {
  const json = JSON.stringify(body);
  const { port, host } = new URL(url);
  const socket = dial(Number(port), '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const head = [`POST /v1/messages HTTP/1.1`, `host: ${host}`, `x-api-key: ${key}`, 'anthropic-version: 2023-06-01', 'content-type: application/json'];
  socket.write(`${[...head, `content-length: ${Buffer.byteLength(json)}`].join('\r\n')}\r\n\r\n${json}`);
  return socket;
}
