/** What a deletion is judged by: a service whose answers are marked, and everything that is stored anywhere as one text. */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Idempotency } from '../../../src/adapter/idempotency/object.ts';
import { objectIds, storedTraces } from '../../support/canary.ts';
import { hexHash } from '../../support/hash.ts';
import { pngPicture } from '../../support/picture.ts';
import { type ServiceOptions, startService } from '../../support/service.ts';

/** A picture that has to be sized, with what may stand nowhere once it is deleted: its hash, and the words of every answer about it. */
export async function startDeletion({ picture: given, ...options }: ServiceOptions & { readonly picture?: Uint8Array<ArrayBuffer> } = {}) {
  const picture = given ?? (await pngPicture(1_569, 20, { comment: crypto.randomUUID() }));
  const sha256 = await hexHash(picture);
  // Of other tests, hundreds in all; none of them has to do with this picture.
  const others = await objectIds();
  const word = `word${crypto.randomUUID().replaceAll('-', '')}`;
  const service = startService({
    origin: () => new Response(picture, { headers: { 'cache-control': 'max-age=600' } }),
    ...options,
    wire: async (request, next) => {
      const response = await (options.wire ?? ((passed, on) => on(passed)))(request, next);
      return new URL(request.url).pathname === '/v1/messages' ? new Response(marked(await response.text(), word), response) : response;
    },
  });
  return {
    service,
    picture,
    sha256,
    image: { base64: picture.toBase64() },
    /** Which of hash and word stand somewhere. */
    traces: async () => {
      const text = await everything(others);
      return { hash: text.includes(sha256), word: text.includes(word) };
    },
    /** Files that the simulated Claude holds. */
    files: async () => (await service.simulate('files')).files as readonly { readonly id: string }[],
    remove: () => service.send(`/v1/images/sha256:${sha256}`, { method: 'DELETE' }),
  };
}

/** An answer of Claude with a word more, in the first text of a Message or of a stream. */
function marked(body: string, word: string): string {
  const inJson = body.replaceAll('\\"alt_text\\":\\"', `$&${word} `);
  return inJson === body ? body.replace(/"type":"text(_delta)?","text":"(?=[^"])/, `$&${word} `) : inJson;
}

/** All of KV, R2 and Durable Objects but those left out; bodies of answers as text. */
async function everything(leftOut: ReadonlySet<string>): Promise<string> {
  const { IDEMPOTENCY } = env as unknown as { readonly IDEMPOTENCY: DurableObjectNamespace<Idempotency> };
  const bodies = await Promise.all(
    (await listDurableObjectIds(IDEMPOTENCY))
      .filter((id) => !leftOut.has(String(id)))
      .map((id) =>
        runInDurableObject(IDEMPOTENCY.get(id), (_, { storage }) => {
          const body = storage.kv.get<{ answer?: { body?: Uint8Array } }>('known')?.answer?.body;
          return body === undefined ? '' : new TextDecoder().decode(body);
        }),
      ),
  );
  return [...(await storedTraces(leftOut)).map(({ text }) => text), ...bodies].join('\n');
}
