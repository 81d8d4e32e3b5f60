/** An upstream that keeps what reached it, to the byte, and answers what it is told to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Recorder {
  readonly url: string;
  /** Everything that has arrived, oldest first. */
  readonly received: Recorded[];
  /** How the next requests are answered; a JSON message unless set. */
  answer: (response: ServerResponse, request: Recorded) => unknown;
  stop(): void;
}

/** A whole answer of the API, written as no serialiser would. */
export const ANSWER =
  '{ "id":"msg_1", "type":"message","role" : "assistant","model":"claude-haiku-5-5","content":[{"type":"text","text":"Caf\\u00e9 \\/ ok"}],' +
  '"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":3},"future_field":1.0}\n';

/** Starts one on a free port of the loopback. */
export async function startRecorder(): Promise<Recorder> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const recorded = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) };
      recorder.received.push(recorded);
      recorder.answer(response, recorded);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const recorder: Recorder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: answerJson,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return recorder;
}

/** The usual answer. */
export function answerJson(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'request-id': 'req_upstream', 'anthropic-ratelimit-requests-remaining': '3999' }).end(ANSWER);
}
