import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMessagesBody, scanMessages } from '../../../src/core/relay/scan.ts';
import { faultOf, valueOrCode } from '../outcome.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const BASE64 = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
const URL_IMAGE = { type: 'image', source: { type: 'url', url: 'https://images.example.com/a.jpg' } };
const FILE = { type: 'image', source: { type: 'file', file_id: 'file_011' } };

function scan(value: unknown, space?: string) {
  const text = JSON.stringify(value, null, space);
  const at = (span: { start: number; end: number }) => JSON.parse(text.slice(span.start, span.end));
  return { ...scanMessages(encode(text)), at };
}

const user = (...content: unknown[]) => ({ model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content }] });

describe('the settings of a Messages body', () => {
  it('are its model, whether it streams and how much it may say', () => {
    expect(scanMessages(encode('{"stream":true,"m\\u006fdel":"claude-haiku-5-5","max_tokens":64000,"messages":[]}'))).toEqual({
      model: 'claude-haiku-5-5',
      isStream: true,
      maxTokens: 64000,
      images: [],
      references: [],
      hasThread: false,
      asksDiagnosis: false,
    });
  });

  it.each([
    ['stream', '"true"', { isStream: false }],
    ['stream', 'false', { isStream: false }],
    ['stream', 'null', { isStream: false }],
    ['max_tokens', '1.5', { maxTokens: undefined }],
    ['max_tokens', '"100"', { maxTokens: undefined }],
    ['max_tokens', '1e99', { maxTokens: undefined }],
    ['max_tokens', '-1', { maxTokens: undefined }],
    ['max_tokens', '99999999999999999999', { maxTokens: undefined }],
  ])('"%s": %s is left to the API', (name, value, expected) => {
    expect(scanMessages(encode(`{"model":"m","${name}":${value}}`))).toMatchObject(expected);
  });

  it.each([
    ['no model', '{"messages":[]}', 'model'],
    ['an empty model', '{"model":""}', 'model'],
    ['a model that is no text', '{"model":5}', 'model'],
    ['a model of 300 characters', `{"model":"${'m'.repeat(300)}"}`, 'model'],
    ['a list', '[]', 'body'],
    ['nothing', '', 'body'],
    ['two bodies', '{"model":"m"}{}', 'body'],
    ['the model twice', '{"model":"a","model":"b"}', 'model'],
    ['the model twice, once in escapes', '{"model":"a","\\u006dodel":"b"}', 'model'],
    ['messages twice', '{"model":"a","messages":[],"messages":[]}', 'messages'],
    ['two sources', '{"model":"a","messages":[{"content":[{"source":1,"source":{}}]}]}', 'messages.0.content.0.source'],
    ['two ids of a file', '{"model":"a","messages":[{"content":[{"source":{"file_id":"a","file_id":"b"}}]}]}', 'messages.0.content.0.source.file_id'],
  ])('%s is refused, and named', (_, text, param) => {
    expect(faultOf(() => scanMessages(encode(text)))).toMatchObject({ code: 'invalid_request', param });
  });

  it('names that are not read here may stand twice: the API decides', () => {
    expect(valueOrCode(() => scanMessages(encode('{"model":"m","tools":[{"a":1,"a":2}],"top":1,"top":2}')))).toMatchObject({ model: 'm' });
  });
});

describe('image blocks', () => {
  it.each([
    ['in a message', user({ type: 'text', text: 'Image 1:' }, BASE64), ['messages.0.content.1']],
    [
      'in two turns',
      {
        model: 'm',
        messages: [
          { role: 'user', content: [URL_IMAGE] },
          { role: 'assistant', content: 'Yes.' },
          { content: [FILE, BASE64], role: 'user' },
        ],
      },
      ['messages.0.content.0', 'messages.2.content.0', 'messages.2.content.1'],
    ],
    ['in a tool result', user({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'x' }, BASE64] }), ['messages.0.content.0.content.1']],
    [
      'in the content of a document',
      user({ source: { content: [BASE64, { type: 'text', text: 'x' }, URL_IMAGE], type: 'content' }, type: 'document' }),
      ['messages.0.content.0.source.content.0', 'messages.0.content.0.source.content.2'],
    ],
    [
      'in a document in a tool result',
      user({ type: 'tool_result', content: [{ type: 'document', source: { type: 'content', content: [FILE] } }] }),
      ['messages.0.content.0.content.0.source.content.0'],
    ],
    [
      'in a result that is one block',
      user({ type: 'web_fetch_tool_result', content: { type: 'web_fetch_result', content: BASE64 } }),
      ['messages.0.content.0.content.content'],
    ],
    ['whose type comes last', user({ source: BASE64.source, cache_control: { type: 'ephemeral' }, type: 'image' }), ['messages.0.content.0']],
  ])('%s are found', (_, body, paths) => {
    for (const space of [undefined, '\t']) {
      const { images, at } = scan(body, space);
      expect(images.map(({ path }) => path)).toEqual(paths);
      for (const image of images) {
        const block = image.path.split('.').reduce((value: any, key) => value[key], body as any);
        expect(at(image.value)).toEqual(block);
        expect(at(image.source.value)).toEqual(block.source);
      }
    }
  });

  it.each([
    ['in the input of a tool call', user({ type: 'tool_use', id: 't', name: 'n', input: { content: [BASE64], ...BASE64 } })],
    ['in the system prompt', { model: 'm', system: [BASE64], messages: [] }],
    ['in a tool', { model: 'm', tools: [{ input_schema: BASE64 }], messages: [] }],
    ['in a text', user({ type: 'text', text: JSON.stringify(BASE64) })],
    ['of a kind of source that is not known', user({ type: 'image', source: { type: 'video', data: 'x' } })],
    ['without a source', user({ type: 'image' })],
    ['whose source is text', user({ type: 'image', source: 'x' })],
    ['whose data is no text', user({ type: 'image', source: { type: 'base64', data: 5 } })],
    ['of another type', user({ ...BASE64, type: 'document' })],
    ['in content that is text', { model: 'm', messages: [{ role: 'user', content: JSON.stringify([BASE64]) }] }],
  ])('%s are none', (_, body) => {
    expect(scan(body).images).toEqual([]);
  });

  it('give the spans of what may have to change', () => {
    const body =
      '{"model":"m","messages":[{"content":[{"type":"image","source":{"type":"base64","media_type" : "image\\/jpg","data":"aGk\\/"},"transformations":{},"cache_control":null}]}]}';
    const [image] = scanMessages(encode(body)).images;
    expect(image).toMatchObject({ hasTransformations: true, hasCacheControl: true });
    if (image?.source.kind !== 'base64') throw new Error('not base64');
    expect(image.source.mediaType?.text).toBe('image/jpg');
    expect(body.slice(image.source.mediaType?.value.start, image.source.mediaType?.value.end)).toBe('"image\\/jpg"');
    expect(body.slice(image.source.data.start, image.source.data.end)).toBe('aGk\\/');
    expect(image.source.data.hasEscapes).toBe(true);
  });

  it('a URL is given as text, or by its length when it is too long to be one', () => {
    const { images } = scan(user(URL_IMAGE, { type: 'image', source: { type: 'url', url: `data:image/png;base64,${'A'.repeat(9_000)}` } }));
    expect(images.map(({ source }) => (source.kind === 'url' ? [source.url, source.urlBytes] : []))).toEqual([
      ['https://images.example.com/a.jpg', 32],
      [undefined, 9_022],
    ]);
  });

  it('files that other blocks name are reported, wherever they stand', () => {
    const result = { type: 'bash_code_execution_tool_result', content: { content: [{ type: 'bash_code_execution_output', file_id: 'file_8' }] } };
    const { references, images } = scan({
      ...user({ type: 'document', source: FILE.source }, FILE, { type: 'container_upload', file_id: 'file_7' }, result),
      system: [{ type: 'text', text: 'file_id', extra: { file_ids: ['file_9', 5] } }],
      anything: { new: [{ 'file\u005fid': 'file_10' }] },
    });
    expect(references.map(({ kind, id }) => `${kind} ${id}`).toSorted()).toEqual(
      ['file file_011', 'file file_7', 'file file_8', 'file file_9', 'file file_10'].toSorted(),
    );
    expect(references[0]).toEqual({ kind: 'file', id: 'file_011', path: 'messages.0.content.0' });
    expect(images).toHaveLength(1);
  });

  it('what callers say about files is no name of one', () => {
    const call = { type: 'tool_use', id: 't', name: 'open', input: { file_id: 'file_1' } };
    const tools = [{ name: 'open', input_schema: { properties: { file_id: {} }, file_id: 'x' }, input_examples: [{ file_id: 'x' }] }];
    expect(scan({ ...user(call, { type: 'text', text: '"file_id":"x"' }), tools, metadata: { file_id: 'x' } }).references).toEqual([]);
  });

  it.each([
    ['a container', { container: 'container_1' }, { kind: 'container', id: 'container_1', path: 'container' }],
    ['a container with skills', { container: { id: 'container_1', skills: [] } }, { kind: 'container', id: 'container_1', path: 'container.id' }],
    [
      'a skill of the workspace',
      { container: { skills: [{ type: 'custom', skill_id: 'skill_1' }] } },
      { kind: 'skill', id: 'skill_1', path: 'container.skills.0.skill_id' },
    ],
    ['a former message', { diagnostics: { previous_message_id: 'msg_1' } }, { kind: 'message', id: 'msg_1', path: 'diagnostics.previous_message_id' }],
    ['a name that is no text', { diagnostics: { previous_message_id: 5 } }, { kind: 'message', id: undefined, path: 'diagnostics.previous_message_id' }],
  ])('%s is reported', (_, more, reference) => {
    expect(scan({ ...user(), ...more }).references).toEqual([reference]);
  });

  it.each([
    { container: null },
    { container: { id: null, skills: [{ type: 'anthropic', skill_id: 'pptx' }] } },
    { diagnostics: null },
    { diagnostics: { previous_message_id: null } },
    { thread: null },
  ])('%j names nothing at the provider', (more) => {
    expect(scan({ ...user(), ...more })).toMatchObject({ references: [], hasThread: false });
  });

  it('a thread is reported, and a diagnosis that will name the answer', () => {
    expect(scan({ ...user(), thread: { type: 'create' } }).hasThread).toBe(true);
    expect(scan({ ...user(), diagnostics: { previous_message_id: null } }).asksDiagnosis).toBe(true);
  });

  it.each(['"thread":null,"thread":{}', '"container":null,"container":"c"', '"container":{"id":null,"id":"c"}'])(
    '%s is refused: one of two could count',
    (members) => {
      expect(faultOf(() => scanMessages(encode(`{"model":"m",${members}}`)))).toMatchObject({ code: 'invalid_request' });
    },
  );
});

describe('whatever the body', () => {
  it('it is scanned or refused; what is scanned is JSON, and the images are those that a parser finds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    const source = fc.oneof(
      fc.record({ type: fc.constant('base64'), media_type: text, data: text, extra: fc.jsonValue({ maxDepth: 1 }) }),
      fc.record({ type: fc.constant('url'), url: text }),
      fc.record({ type: fc.constantFrom('file', 'other', '__proto__'), file_id: text }),
    );
    const leaf = fc.oneof(
      fc.record({ type: fc.constant('image'), source }),
      fc.record({ source, type: fc.constantFrom('image', 'document'), cache_control: fc.jsonValue() }, { requiredKeys: ['source', 'type'] }),
      fc.record({ type: fc.constant('text'), text }),
      fc.record({ type: fc.constant('tool_use'), input: fc.jsonValue() }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const content = fc.oneof(text, fc.array(leaf, { maxLength: 4 }));
    const block = fc.oneof(
      leaf,
      fc.record({ type: fc.constant('tool_result'), content }),
      fc.record({ type: fc.constant('document'), source: fc.record({ type: fc.constant('content'), content }) }),
    );
    const body = fc.record(
      {
        model: fc.constant('m'),
        messages: fc.array(fc.record({ role: text, content: fc.array(block, { maxLength: 4 }) }), { maxLength: 4 }),
        stream: fc.boolean(),
        other: fc.jsonValue(),
      },
      { requiredKeys: ['model', 'messages'] },
    );
    fc.assert(
      fc.property(body, fc.constantFrom(undefined, ' '), (value, space) => {
        const { images, at } = scan(value, space);
        expect(images.map(({ path }) => path)).toEqual(imagesOf(JSON.parse(JSON.stringify(value))));
        // Offsets are bytes, and JSON.stringify writes characters: compare on ASCII bodies only.
        if (/^[\x00-\x7f]*$/.test(JSON.stringify(value))) for (const image of images) expect(at(image.value)).toHaveProperty('type', 'image');
      }),
      { numRuns: 200 },
    );
  });

  it('bytes of any kind end in a scan or in a 400', () => {
    const seed = '{"model":"m","messages":[{"content":[{"type":"image","source":{"type":"base64","data":"aGk="}},{"type":"tool_result","content":[]}]}]}';
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: seed.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }), (changes) => {
        const bytes = encode(seed);
        for (const [at, byte] of changes) bytes[at] = byte;
        const outcome = valueOrCode(() => scanMessages(bytes));
        if (outcome === 'invalid_request') return;
        expect(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))).toHaveProperty('model');
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Paths of image blocks in a parsed body, found another way: over values, not bytes. */
function imagesOf(body: any): string[] {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const inContent = (content: any, path: string): string[] =>
    Array.isArray(content) ? content.flatMap((item, index) => inBlock(item, `${path}.${index}`)) : inBlock(content, path);
  const inBlock = (block: any, path: string): string[] => {
    if (!isObject(block)) return [];
    const { type, source, content } = block;
    const text = { base64: 'data', url: 'url', file: 'file_id' }[String(source?.type)];
    const isImage = type === 'image' && isObject(source) && text !== undefined && typeof source[text] === 'string';
    return [
      ...(isImage ? [path] : []),
      ...inContent(content, `${path}.content`),
      ...(isObject(source) ? inContent(source.content, `${path}.source.content`) : []),
    ];
  };
  return inContent(body.messages, 'messages');
}

describe('a Messages body', () => {
  it.each([
    ['{"model":"m","messages":[]}', true],
    ['{"model":"m","mess\\u0061ges":null}', true],
    ['{"image":{"url":"messages"}}', false],
    ['[{"messages":[]}]', false],
    ['{"x":{"messages":[]}}', false],
  ])('is known by its messages: %s', (text, expected) => {
    expect(isMessagesBody(encode(text))).toBe(expected);
  });
});
