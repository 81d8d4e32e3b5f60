import { describe, expect, it } from 'vitest';
import { Client, errorOf, HEADERS, request } from './client.ts';

interface Batch {
  readonly id: string;
  readonly processing_status: string;
  readonly results_url: string | null;
  readonly request_counts: Record<string, number>;
}

interface Line {
  readonly custom_id: string;
  readonly result: { readonly type: string; readonly message?: { usage: unknown }; readonly error?: unknown };
}

function create(client: Client, ids: readonly string[], params: unknown = request('Hello')): Promise<Response> {
  return client.post('/v1/messages/batches', { requests: ids.map((custom_id) => ({ custom_id, params })) });
}

async function created(client: Client, ids: readonly string[], params?: unknown): Promise<Batch> {
  const response = await create(client, ids, params);
  expect(response.status).toBe(200);
  return response.json();
}

async function look(client: Client, id: string): Promise<Batch> {
  return (await client.get(`/v1/messages/batches/${id}`)).json();
}

async function results(client: Client, id: string): Promise<Line[]> {
  const response = await client.get(`/v1/messages/batches/${id}/results`);
  return new TextDecoder()
    .decode(await response.arrayBuffer())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('batches', () => {
  it('run on while they are looked at, and end with results in another order at half price', async () => {
    const client = new Client({ batchStep: 2 });
    const batch = await created(client, ['a', 'b', 'c']);
    expect(batch).toMatchObject({
      processing_status: 'in_progress',
      results_url: null,
      request_counts: { processing: 3 },
    });
    expect((await look(client, batch.id)).processing_status).toBe('in_progress');
    const ended = await look(client, batch.id);
    expect(ended).toMatchObject({
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 3 },
    });
    const lines = await results(client, batch.id);
    expect(lines.map(({ custom_id }) => custom_id)).toEqual(['c', 'b', 'a']);
    expect(lines[0]?.result.message?.usage).toMatchObject({ service_tier: 'batch' });

    const single = new Client();
    await single.ask('Hello');
    const full = (await single.bill()).total['cost_usd'] ?? 0;
    const bill = (await client.bill()).total;
    expect(bill).toMatchObject({ calls: 3, batch_calls: 3 });
    expect(bill['cost_usd']).toBeCloseTo((3 * full) / 2, 15);
  });

  it('one bad request does not poison the others', async () => {
    const client = new Client();
    await client.fault({ kind: 'overloaded', route: 'batch_item' });
    const batch = await created(client, ['first', 'second']);
    await look(client, batch.id);
    const kinds = (await results(client, batch.id)).map(({ custom_id, result }) => [custom_id, result.type]);
    expect(kinds).toEqual([
      ['second', 'succeeded'],
      ['first', 'errored'],
    ]);
    const broken = await created(client, ['broken'], { model: 'claude-haiku-5-5' });
    await look(client, broken.id);
    expect((await results(client, broken.id))[0]).toMatchObject({
      result: { type: 'errored', error: { type: 'error', error: { message: 'messages: Field required' } } },
    });
  });

  it('a cancelled batch keeps what was done and cancels the rest', async () => {
    const client = new Client({ batchStep: 1 });
    const batch = await created(client, ['a', 'b', 'c']);
    await look(client, batch.id);
    const cancelled: Batch = await (await client.post(`/v1/messages/batches/${batch.id}/cancel`, {})).json();
    expect(cancelled.processing_status).toBe('canceling');
    expect(await look(client, batch.id)).toMatchObject({
      processing_status: 'ended',
      request_counts: { succeeded: 1, canceled: 2 },
    });
  });

  it('a batch that nobody looks at expires after a day, and its results after 29', async () => {
    let now = Date.parse('2026-11-21T00:00:00Z');
    const client = new Client({ now: () => now });
    const batch = await created(client, ['a']);
    now += 86_400_000;
    expect((await look(client, batch.id)).request_counts).toMatchObject({ expired: 1 });
    now += 28 * 86_400_000 - 1;
    expect(await results(client, batch.id)).toEqual([{ custom_id: 'a', result: { type: 'expired' } }]);
    now += 1;
    expect((await client.get(`/v1/messages/batches/${batch.id}/results`)).status).toBe(404);
  });

  it('results wait for the end, and deletion too', async () => {
    const client = new Client();
    const { id } = await created(client, ['a']);
    const remove = (): Promise<Response> => Promise.resolve(client.app.request(`/v1/messages/batches/${id}`, { method: 'DELETE', headers: HEADERS }));
    expect((await client.get(`/v1/messages/batches/${id}/results`)).status).toBe(400);
    expect((await remove()).status).toBe(400);
    await look(client, id);
    expect(await (await remove()).json()).toEqual({ id, type: 'message_batch_deleted' });
    expect((await client.get(`/v1/messages/batches/${id}`)).status).toBe(404);
  });

  it.each([
    [['a'.repeat(64)], 200],
    [['a'.repeat(65)], 400],
    [[''], 400],
    [['a b'], 400],
    [['a', 'a'], 400],
    [[], 400],
  ])('custom ids %j answer %i', async (ids, status) => {
    const response = await create(new Client(), ids);
    expect(response.status).toBe(status);
    if (status === 400) expect((await errorOf(response)).message).toMatch(/^requests/);
  });
});
