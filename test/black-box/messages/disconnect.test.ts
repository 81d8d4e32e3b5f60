/** A client that leaves: the upstream call ends with it, unless it was asked to finish for the cache. */
import { connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBareRig, startBareService } from './support/bare-rig.ts';
import { connect, eventually, type Target, TARGETS } from './support/rig.ts';
import { type Recorder, startRecorder } from './support/recorder.ts';
import { MODEL } from './support/shape.ts';

const HELLO = { model: MODEL, max_tokens: 512, messages: [{ role: 'user' as const, content: 'Hello' }] };

const ROUNDS = 20;
const FOLLOWERS = 4;
/** Of the simulated Claude, before its answer begins and between the events of a stream. */
const LATENCY_MS = 30;
const EVENT_DELAY_MS = 3;
/** Up to when the leader leaves, in durations of the round before. */
const LEAVING_MAX = 1.5;

let rig: Awaited<ReturnType<typeof startBareRig>>;
beforeAll(async () => {
  rig = await startBareRig();
});
afterAll(() => rig?.stop());

describe.each(TARGETS)('through %s', (name) => {
  beforeEach(() => rig.reset());
  const isCancelled = async (): Promise<boolean> => (await rig.seen())[0]?.is_cancelled === true;

  it('a stream that nobody reads any more is cancelled upstream', async () => {
    // workerd notices a closed connection when it writes to it: this stream goes on, slowly.
    await rig.fault({ kind: 'latency', event_delay_ms: 250 });
    const socket = await send(rig[name], { ...HELLO, stream: true });
    await new Promise<void>((resolve) => socket.on('data', (data) => String(data).includes('content_block_delta') && resolve()));
    expect(await isCancelled()).toBe(false);
    socket.resetAndDestroy();
    expect(await eventually(isCancelled)).toBe(true);
  });

  it('a stream that is read to its end is not', async () => {
    await rig.fault({ kind: 'latency', event_delay_ms: 20 });
    expect((await connect(rig[name]).messages.stream(HELLO).finalMessage()).stop_reason).toBe('end_turn');
    expect(await isCancelled()).toBe(false);
  });
});

describe('a call that is to be finished all the same', () => {
  beforeAll(() => rig.reset());

  it('fills the cache after its caller has left', async () => {
    await rig.fault({ kind: 'latency', event_delay_ms: 150 });
    const socket = await send(rig.vignette, { ...HELLO, stream: true }, ['x-vignette-cache: default', 'x-vignette-on-disconnect: finish']);
    await new Promise<void>((resolve) => socket.on('data', (data) => String(data).includes('content_block_delta') && resolve()));
    socket.resetAndDestroy();
    const fromCache = { headers: { 'x-vignette-cache': 'only' } };
    const client = connect(rig.vignette);
    expect(
      await eventually(async () =>
        client.messages.create(HELLO, fromCache).then(
          () => true,
          () => false,
        ),
      ),
    ).toBe(true);
    expect(await rig.calls()).toBe(1);
    const [request] = await rig.seen();
    expect(request?.is_cancelled).toBe(false);
    const replayed = await client.messages.stream(HELLO, fromCache).finalMessage();
    expect(replayed.content).toEqual((await client.messages.create(HELLO, fromCache)).content);
  });
});

describe('a caller who leads a flight and leaves at some moment', () => {
  beforeEach(() => rig.reset());

  it.each([
    ['a stream', true],
    ['an answer in one piece', false],
  ])(`is billed once at most, and everybody else is answered: ${ROUNDS} rounds of %s`, async (name, stream) => {
    await rig.fault({ kind: 'latency', latency_ms: LATENCY_MS, event_delay_ms: EVENT_DELAY_MS, times: ROUNDS });
    const random = seeded(20_261_121);
    const outcomes = { left: 0, answered: 0 };
    let roundMs = LATENCY_MS;
    for (let round = 0; round < ROUNDS; round++) {
      const body = { ...HELLO, messages: [{ role: 'user' as const, content: `Round ${round} of ${name}` }] };
      const startMs = performance.now();
      const socket = await send(rig.vignette, { ...body, stream }, ['x-vignette-cache: default']);
      let heard = '';
      socket.on('data', (data) => (heard += String(data)));
      const following = Promise.all(Array.from({ length: FOLLOWERS }, (_, index) => follow(rig.vignette, { ...body, stream: index % 2 === 0 })));
      setTimeout(
        () => {
          outcomes[heard.includes('end_turn') ? 'answered' : 'left'] += 1;
          socket.resetAndDestroy();
        },
        random() * LEAVING_MAX * roundMs,
      );
      const answers = await following;
      roundMs = performance.now() - startMs;
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      for (const { text } of answers) expect(text).toContain('end_turn');
      await new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)));
      expect(await rig.calls()).toBe(round + 1);
    }
    // Both happened, so the rounds show what they should.
    expect(outcomes.left).toBeGreaterThan(3);
    expect(outcomes.answered).toBeGreaterThan(1);
    expect((await rig.seen()).map(({ is_cancelled }) => is_cancelled)).not.toContain(true);
  });
});

describe('a call whose answer has not begun', () => {
  let recorder: Recorder;
  let service: Awaited<ReturnType<typeof startBareService>>;
  beforeAll(async () => {
    recorder = await startRecorder();
    service = await startBareService(recorder.url);
  });
  afterAll(async () => {
    await service?.stop();
    recorder?.stop();
  });

  it('is cancelled upstream when nobody waits for it any more', async () => {
    let isClosed = false;
    recorder.answer = (response) => response.once('close', () => (isClosed = true));
    const socket = await send(service, HELLO);
    expect(await eventually(async () => recorder.received.length === 1)).toBe(true);
    expect(isClosed).toBe(false);
    socket.resetAndDestroy();
    expect(await eventually(async () => isClosed)).toBe(true);
  });
});

/** A request on a socket of its own, which can be reset as a client that crashes or loses its network does. */
async function send({ url, key }: Target, body: unknown, more: readonly string[] = []): Promise<Socket> {
  const json = JSON.stringify(body);
  const { port, host } = new URL(url);
  const socket = dial(Number(port), '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const head = [`POST /v1/messages HTTP/1.1`, `host: ${host}`, `x-api-key: ${key}`, 'anthropic-version: 2026-10-21', 'content-type: application/json'];
  socket.write(`${[...head, ...more, `content-length: ${Buffer.byteLength(json)}`].join('\r\n')}\r\n\r\n${json}`);
  return socket;
}

/** Asks the same with the cache on, and reads the answer to its end. */
async function follow({ url, key }: Target, body: unknown): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { 'x-api-key': key, 'anthropic-version': '2026-10-21', 'content-type': 'application/json', 'x-vignette-cache': 'default' };
  const response = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

/** Numbers from 0 to 1, the same in every run (Park and Miller's generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
