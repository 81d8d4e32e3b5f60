/** The example shapes of Claude's vision guide, as bodies of `POST /v1/messages`. */
import type Anthropic from '@anthropic-ai/sdk';
import { mediaTypeOf, sample } from '../../support/origin.ts';

type Body = Anthropic.MessageCreateParamsNonStreaming;
type Block = Anthropic.ContentBlockParam;

export const MODEL = 'claude-haiku-5-5';

/** How a picture is handed over. `file` gives the id that an upload answered with. */
export interface Sources {
  readonly base64: (name: string) => Block;
  readonly url: (name: string) => Block;
  readonly file: (name: string) => Block;
}

/** Ways to hand over the samples, for pictures served at `origin` and files uploaded before under their names. */
export function sources(origin: string, fileIds: ReadonlyMap<string, string>): Sources {
  return {
    base64: (name) => ({ type: 'image', source: { type: 'base64', media_type: mediaTypeOf(name), data: sample(name).toString('base64') } }),
    url: (name) => ({ type: 'image', source: { type: 'url', url: `${origin}/${name}` } }),
    file: (name) => ({ type: 'image', source: { type: 'file', file_id: fileIds.get(name) ?? `file_of_${name}` } }),
  };
}

/** A shape: its name, the pictures in it, and how its body is made. */
export interface Shape {
  readonly name: string;
  readonly pictures: readonly string[];
  readonly body: (from: Sources) => Body;
}

const text = (words: string): Block => ({ type: 'text', text: words });
const ask = (content: Block[], more: Partial<Body> = {}): Body => ({ model: MODEL, max_tokens: 1_024, messages: [{ role: 'user', content }], ...more });

const one = (kind: keyof Sources): Shape => ({
  name: `one image (${kind})`,
  pictures: ['phone-photo.jpg'],
  body: (from) => ask([from[kind]('phone-photo.jpg'), text('Describe this image.')]),
});

const compared = (from: Sources, more: Partial<Body> = {}): Body =>
  ask([text('Image 1:'), from.base64('receipt.jpg'), text('Image 2:'), from.base64('dashboard.png'), text('How are these images different?')], more);

export const SHAPES: readonly Shape[] = [
  one('base64'),
  one('url'),
  one('file'),
  { name: 'two images compared', pictures: ['receipt.jpg', 'dashboard.png'], body: (from) => compared(from) },
  {
    name: 'two images with a system prompt',
    pictures: ['receipt.jpg', 'dashboard.png'],
    body: (from) => compared(from, { system: 'Respond only in Spanish.' }),
  },
  {
    name: 'four images over two turns',
    pictures: ['receipt.jpg', 'dashboard.png', 'coffee-cup.webp', 'upload.gif'],
    body: (from) => {
      const [first] = compared(from).messages;
      const second = [
        text('Image 3:'),
        from.base64('coffee-cup.webp'),
        text('Image 4:'),
        from.base64('upload.gif'),
        text('Are these similar to the first two?'),
      ];
      return {
        ...ask([]),
        messages: [
          ...(first === undefined ? [] : [first]),
          { role: 'assistant', content: 'One is a receipt, the other a dashboard.' },
          { role: 'user', content: second },
        ],
      };
    },
  },
];
