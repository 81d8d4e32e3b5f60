import { ApiError, errorEnvelope } from './error.ts';
import { takeFault, type Fault } from './fault.ts';
import type { JsonObject } from './json.ts';
import { BATCH_LIFE_SECONDS } from './limit.ts';
import { answerRequest } from './message/answer.ts';
import { parseMessagesRequest, type Protocol } from './message/request.ts';
import { messageOf } from './message/wire.ts';
import { faultError } from './fault-response.ts';
import type { RequestRecord } from './record.ts';
import type { Simulation } from './state.ts';

/** The outcome of one request of a batch, as a line of the results shows it. */
export interface BatchResult {
  readonly custom_id: string;
  readonly result: Readonly<Record<string, unknown>> & { readonly type: ResultKind };
}

type ResultKind = 'succeeded' | 'errored' | 'canceled' | 'expired';

/** A batch in memory. */
export interface Batch {
  readonly id: string;
  readonly createdAtMs: number;
  readonly protocol: Protocol;
  readonly record: RequestRecord;
  /** Requests that have no result yet, in the order of submission. */
  waiting: { readonly customId: string; readonly params: JsonObject }[];
  readonly results: BatchResult[];
  cancelledAtMs: number | undefined;
  endedAtMs: number | undefined;
}

/** Works off up to `count` waiting requests; the rest are cancelled or expired where the batch's time is over. */
export async function advanceBatch(batch: Batch, count: number, simulation: Simulation): Promise<void> {
  const now = simulation.settings.now();
  const isLate = now >= batch.createdAtMs + BATCH_LIFE_SECONDS * 1000;
  // Taken out before anything is awaited: two clients that poll at once must not answer a request twice.
  const isOver = isLate || batch.cancelledAtMs !== undefined;
  const taken = batch.waiting.splice(0, isOver ? batch.waiting.length : count);
  for (const { customId, params } of taken) {
    const result = isOver ? ({ type: isLate ? 'expired' : 'canceled' } as const) : await answerOne(batch, params, simulation);
    batch.results.push({ custom_id: customId, result });
  }
  if (batch.waiting.length === 0 && batch.endedAtMs === undefined) batch.endedAtMs = now;
}

async function answerOne(batch: Batch, params: JsonObject, simulation: Simulation): Promise<BatchResult['result']> {
  const fault = takeFault(simulation.state.faults, 'batch_item');
  try {
    const failure = fault === undefined ? undefined : faultError(fault);
    if (failure !== undefined) throw failure;
    const request = parseMessagesRequest({ ...params, stream: false }, batch.protocol);
    const answer = await answerRequest(request, itemCall(batch, simulation, fault));
    return { type: 'succeeded', message: messageOf(answer) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { type: 'errored', error: errorEnvelope(error, batch.record.request_id) };
  }
}

function itemCall(batch: Batch, simulation: Simulation, fault: Fault | undefined) {
  return { simulation, record: batch.record, fault, isBatch: true };
}

/** A batch as the API shows it. `origin` is that of the request: results are fetched from the same place. */
export function batchView(batch: Batch, origin: string): Record<string, unknown> {
  const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  const isEnded = batch.endedAtMs !== undefined;
  const count = (kind: ResultKind): number => (isEnded ? batch.results.filter(({ result }) => result.type === kind).length : 0);
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: isEnded ? 'ended' : batch.cancelledAtMs !== undefined ? 'canceling' : 'in_progress',
    // As the API documents: everything counts as processing until the whole batch has ended.
    request_counts: {
      processing: isEnded ? 0 : batch.waiting.length + batch.results.length,
      succeeded: count('succeeded'),
      errored: count('errored'),
      canceled: count('canceled'),
      expired: count('expired'),
    },
    created_at: iso(batch.createdAtMs),
    ended_at: iso(batch.endedAtMs),
    expires_at: iso(batch.createdAtMs + BATCH_LIFE_SECONDS * 1000),
    cancel_initiated_at: iso(batch.cancelledAtMs),
    archived_at: null,
    results_url: isEnded ? `${origin}/v1/messages/batches/${batch.id}/results` : null,
  };
}
