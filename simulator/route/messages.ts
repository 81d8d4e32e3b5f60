import { Hono } from 'hono';
import { readJsonBody } from '../body.ts';
import { breakBody } from '../fault-response.ts';
import { MESSAGES_BODY_BYTES_MAX } from '../limit.ts';
import { answerRequest } from '../message/answer.ts';
import { parseMessagesRequest } from '../message/request.ts';
import { eventsOf, streamBody } from '../message/stream.ts';
import { messageOf } from '../message/wire.ts';
import type { Variables } from '../protocol.ts';
import { elideBody } from '../record.ts';
import type { Simulation } from '../state.ts';

/** `POST /v1/messages`: JSON, or server-sent events with `stream: true`. */
export function messagesRoute(simulation: Simulation) {
  const route = new Hono<{ Variables: Variables }>();
  route.post('/', async (context) => {
    const record = context.get('record');
    const fault = context.get('fault');
    const body = await readJsonBody(context.req.raw, MESSAGES_BODY_BYTES_MAX, record);
    record.body = elideBody(body);
    record.model = typeof body['model'] === 'string' ? body['model'] : null;
    const request = parseMessagesRequest(body, context.get('protocol'));
    record.stream = request.isStream;
    const answer = await answerRequest(request, { simulation, record, fault, isBatch: false });
    if (request.isStream) {
      const events = streamBody(eventsOf(answer), record, fault, simulation.settings.sleep);
      return context.body(events, 200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
      });
    }
    const message = messageOf(answer);
    if (fault?.kind === 'reset' || fault?.kind === 'truncated') {
      return context.body(breakBody(JSON.stringify(message), fault.kind, simulation.settings.sleep), 200, {
        'content-type': 'application/json',
      });
    }
    return context.json(message);
  });
  return route;
}
