import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, startRelay } from './relay.ts';

const ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
};
const startMirror = () => startRelay({ wire: async () => Response.json(ANSWER) });

const json = fc.jsonValue({ maxDepth: 3 });
const space = fc.constantFrom<string | number | undefined>(undefined, 1, '\t', ' \r\n ');

/** Any object with these members among others, in any order. */
function withOthers(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const others = fc.dictionary(
    fc.string({ unit: 'binary', maxLength: 6 }).filter((name) => !/^(type|source|content|file_id|transformations|__proto__)$/.test(name)),
    json,
    { maxKeys: 3 },
  );
  return fc
    .tuple(fc.record(members), others)
    .chain(([own, more]) => fc.shuffledSubarray(Object.entries({ ...more, ...own }), { minLength: Object.keys({ ...more, ...own }).length }))
    .map((entries) => Object.fromEntries(entries));
}

describe('whatever is sent', () => {
  beforeEach(emptyStorage);

  it('a request without images reaches Claude byte for byte', async () => {
    const block = fc.oneof(
      withOthers({ type: fc.constant('text'), text: fc.string({ unit: 'binary' }) }),
      withOthers({ type: fc.constant('tool_use'), input: json }),
    );
    const message = withOthers({
      role: fc.constantFrom('user', 'assistant'),
      content: fc.oneof(fc.string({ unit: 'binary' }), fc.array(block, { maxLength: 3 })),
    });
    const body = withOthers({
      model: fc.constantFrom('claude-haiku-5-5', 'some-model'),
      messages: fc.array(message, { maxLength: 3 }),
      max_tokens: json,
      stream: fc.constantFrom(false, null),
    });
    const service = startMirror();
    await fc.assert(
      fc.asyncProperty(body, space, fc.boolean(), async (value, indent, isEscaped) => {
        const plain = JSON.stringify(value, null, indent);
        const text = isEscaped ? plain.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : plain;
        service.outgoing.length = 0;
        const response = await service.sendText(text);
        expect(response.status).toBe(200);
        expect(service.outgoing.map((sent) => sent.text)).toEqual([text]);
      }),
      { numRuns: 60 },
    );
  }, 20_000);

  it('with images, only their sources differ, and the guard that stands beside them', async () => {
    const fits = fixture('jpeg-baseline-420.jpg');
    const large = await pngPicture(2600, 2);
    const source = fc.constantFrom(
      { type: 'base64', media_type: 'image/jpeg', data: fits.toBase64() },
      { data: fits.toBase64(), media_type: 'image/png', type: 'base64' },
      { type: 'base64', media_type: 'image/png', data: `data:image/png;base64,${large.toBase64()}` },
      { type: 'url', url: 'https://images.example.com/a.jpg' },
    );
    const image = withOthers({ type: fc.constant('image'), source });
    const content: fc.Arbitrary<unknown[]> = fc.array(fc.oneof(image, withOthers({ type: fc.constant('text'), text: fc.string() })), { maxLength: 3 });
    const block = fc.oneof(
      image,
      withOthers({ type: fc.constant('tool_result'), content }),
      withOthers({ type: fc.constant('document'), source: fc.record({ type: fc.constant('content'), content }) }),
    );
    const body = withOthers({
      model: fc.constant('claude-haiku-5-5'),
      messages: fc.array(withOthers({ role: fc.constant('user'), content: fc.array(block, { maxLength: 3 }) }), { maxLength: 3 }),
    });
    const service = startRelay({ wire: async () => Response.json(ANSWER), origin: () => new Response(fits) });
    const settled = imageBlock(fits, 'image/jpeg').source;
    await fc.assert(
      fc.asyncProperty(body, space, async (value, indent) => {
        service.outgoing.length = 0;
        const response = await service.sendText(JSON.stringify(value, null, indent));
        expect(response.status).toBe(200);
        const [sent] = service.outgoing;
        // As text, so that the order of members counts, too.
        expect(JSON.stringify(sent?.body, blind)).toBe(JSON.stringify(JSON.parse(JSON.stringify(value)), blind));
        for (const found of imagesIn(sent?.body)) {
          if (found.transformations === undefined) expect(found.source).toEqual(settled);
          else expect(found.source).toMatchObject({ type: 'base64', media_type: expect.stringMatching(/^image\/(png|jpeg)$/) });
        }
      }),
      { numRuns: 40 },
    );
  }, 20_000);
});

/** Leaves out what may differ: sources of images, and the guard. */
function blind(this: unknown, name: string, value: unknown): unknown {
  const holder = this as { type?: unknown };
  if (holder.type === 'image' && name === 'source') return 'an image';
  if (holder.type === 'image' && name === 'transformations') return undefined;
  return value;
}

function imagesIn(value: unknown): any[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = (value as { type?: unknown }).type === 'image' && 'source' in value ? [value] : [];
  return [...found, ...Object.values(value).flatMap(imagesIn)];
}
