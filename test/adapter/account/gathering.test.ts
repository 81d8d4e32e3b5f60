import { describe, expect, it, vi } from 'vitest';
import { dataPointOf } from '../../../src/adapter/account/chart.ts';
import { createGathering, type GatheredRow } from '../../../src/adapter/account/gathering.ts';
import { withoutWaiting } from '../../support/waiting.ts';
import { ledgerRow } from './row.ts';

function gathered(requestId: string): GatheredRow {
  return { row: ledgerRow({ requestId }), isForTenant: true };
}

/** A gathering of one second, and the ids of what it sent, call by call. */
function start() {
  const sent: string[][] = [];
  const gathering = createGathering(1_000, async (rows) => {
    sent.push(rows.map(({ row }) => row.requestId));
  });
  return { sent, gathering };
}

describe('rows that nobody waits for', () => {
  const waitedMs = withoutWaiting();

  it('go out together, sent by the first who came', async () => {
    const { sent, gathering } = start();
    await Promise.all(['a', 'b', 'c'].map((id) => gathering.add(gathered(id))));
    expect(sent).toEqual([['a', 'b', 'c']]);
    expect(waitedMs).toEqual([1_000]);
    await gathering.add(gathered('d'));
    expect(sent).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('go out at once when there are many, and in parts', async () => {
    const { sent, gathering } = start();
    await Promise.all(Array.from({ length: 1_001 }, (_, index) => gathering.add(gathered(String(index)))));
    expect(sent.map((rows) => rows.length).reduce((sum, length) => sum + length, 0)).toBe(1_001);
    expect(Math.max(...sent.map((rows) => rows.length))).toBeLessThanOrEqual(500);
    expect(new Set(sent.flat()).size).toBe(1_001);
  });

  it('are sent by another request when the one that had promised it was ended', async () => {
    const { sent, gathering } = start();
    const now = vi.spyOn(Date, 'now').mockReturnValue(0);
    const wait = vi.spyOn(scheduler, 'wait').mockReturnValueOnce(new Promise(() => undefined));
    void gathering.add(gathered('a'));
    now.mockReturnValue(6_000);
    await gathering.add(gathered('b'));
    expect(sent).toEqual([]);
    now.mockReturnValue(6_001);
    await gathering.add(gathered('c'));
    expect(sent).toEqual([['a', 'b', 'c']]);
    now.mockRestore();
    wait.mockRestore();
  });

  it('go out when they are asked for, and then not again', async () => {
    const { sent, gathering } = start();
    const waiting = gathering.add(gathered('a'));
    await gathering.flush();
    await waiting;
    expect(sent).toEqual([['a']]);
  });
});

describe('a point for charts', () => {
  it('has the documented columns', () => {
    expect(dataPointOf(ledgerRow())).toEqual({
      indexes: ['acme'],
      blobs: ['/v1/describe', 'claude-haiku-5-5', 'miss', 'billed', 'key-a'],
      doubles: [200, 1_714, 48, 10, 1e-7, 0, 1_700, 14],
    });
  });

  it('of an answer from the cache has no tokens, and what was saved', () => {
    const free = {
      basis: 'free',
      usage: { inputTokens: 0, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 },
      nanoUsd: 0,
      estimatedInputTokens: null,
    } as const;
    expect(dataPointOf(ledgerRow({ ...free, cacheStatus: 'hit', savedNanoUsd: 2_000 })).doubles).toEqual([200, 0, 0, 0, 0, 2e-6, 0, 0]);
  });
});
