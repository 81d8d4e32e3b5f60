/**
 * What this service has to know of a Messages body, found in one pass over its bytes: nothing is parsed into values, and
 * base64 stays where it is. Blocks are looked for where the API has them: under `content` of messages, of tool
 * results and of documents' sources; data of callers (`input` of a tool call, say) is never taken for a block.
 *
 * A name that is read here may stand only once in its object: parsers differ in which of two counts, and what was
 * checked must be what is answered. Other names are the API's affair.
 */
import { Fault } from '../fault.ts';
import { URL_CHARACTERS_MAX } from '../input/limit.ts';
import { JsonReader, type Span, type StringSpan } from '../json/reader.ts';
import { NAME_BYTES_MAX } from '../json/limit.ts';
import { readFields as readKnown, readText, withString } from './field.ts';
import { MODEL_BYTES_MAX } from './limit.ts';
import { type FoundState, noState, readNoting, type StateReference, stateReaders } from './provider-state.ts';

/** Where an image's bytes come from. Spans cover values as they stand in the body, with their quotes or braces. */
export type SourceSpan =
  | {
      readonly kind: 'base64';
      readonly value: Span;
      readonly data: StringSpan;
      readonly mediaType: { readonly value: Span; readonly text: string | undefined } | undefined;
    }
  | { readonly kind: 'url'; readonly value: Span; readonly url: string | undefined; readonly urlBytes: number }
  | { readonly kind: 'file'; readonly value: Span; readonly fileId: string | undefined };

export interface ImageBlock {
  /** Such as `messages.0.content.1`. */
  readonly path: string;
  /** The whole block. */
  readonly value: Span;
  readonly source: SourceSpan;
  /** Whether the caller's block says itself what becomes of oversized images. */
  readonly hasTransformations: boolean;
  readonly hasCacheControl: boolean;
}

export interface MessagesScan {
  readonly model: string;
  /** `stream` is true. */
  readonly isStream: boolean;
  /** Where it is a whole number. */
  readonly maxTokens: number | undefined;
  /** In the order of the body. Blocks that the API cannot take for images are not among them; it answers for those. */
  readonly images: readonly ImageBlock[];
  /** Things at the provider that the body names anywhere, but for the files of images. */
  readonly references: readonly StateReference[];
  /** Whether the provider is to hold the conversation. */
  readonly hasThread: boolean;
  /** Whether a later request will name the answer's id. */
  readonly asksDiagnosis: boolean;
}

/**
 * Scans a whole body. Work is linear in its length; memory is that of the answer.
 * @throws invalid_request (not strict JSON, not an object, no model, a name given twice)
 */
export function scanMessages(body: Uint8Array): MessagesScan {
  const reader = new JsonReader(body);
  const found: Found = { images: [], ...noState() };
  let model: string | undefined;
  let isStream = false;
  let maxTokens: number | undefined;
  if (reader.peek() !== 0x7b)
    throw new Fault('invalid_request', 'The body is not a JSON object. Send one, with "model", "max_tokens" and "messages".', { param: 'body' });
  readFields(reader, '', found, {
    ...stateReaders(reader, found),
    model: () => (model = readText(reader, MODEL_BYTES_MAX)),
    stream: () => {
      isStream = reader.peek() === 0x74;
      reader.skipValue();
    },
    max_tokens: () => (maxTokens = readInteger(reader, body)),
    messages: () => readContent(reader, 'messages', found),
  });
  reader.end();
  if (model === undefined || model === '')
    throw new Fault('invalid_request', 'model: Field required. Give the id of a model, such as "claude-haiku-5-5".', { param: 'model' });
  const { references, hasThread, asksDiagnosis } = found;
  const images = found.images.toSorted((one, other) => one.value.start - other.value.start);
  return { model, isStream, maxTokens, images, references, hasThread, asksDiagnosis };
}

/** Whether a JSON body is that of a Messages request: an object with `messages`. @throws invalid_request */
export function isMessagesBody(body: Uint8Array): boolean {
  const reader = new JsonReader(body);
  if (reader.peek() !== 0x7b) return false;
  let hasMessages = false;
  reader.readObject((name) => {
    hasMessages ||= reader.textOf(name, NAME_BYTES_MAX) === 'messages';
    reader.skipValue();
  });
  return hasMessages;
}

interface Found extends FoundState {
  readonly images: ImageBlock[];
}

/** A list of blocks, one block (as some results of server tools have it), or something without any. */
function readContent(reader: JsonReader, path: string, found: Found): void {
  const first = reader.peek();
  if (first === 0x5b) reader.readArray((index) => (reader.peek() === 0x7b ? readBlock(reader, `${path}.${index}`, found) : reader.skipValue()));
  else if (first === 0x7b) readBlock(reader, path, found);
  else reader.skipValue();
}

/** A message or a content block. */
function readBlock(reader: JsonReader, path: string, found: Found): void {
  const start = reader.at;
  let type: string | undefined;
  let source: Source | undefined;
  let file: { readonly id: string | undefined } | undefined;
  let hasTransformations = false;
  let hasCacheControl = false;
  readFields(reader, path, found, {
    type: () => (type = readText(reader, NAME_BYTES_MAX)),
    content: () => readContent(reader, `${path}.content`, found),
    source: () => (source = readSource(reader, `${path}.source`, found)),
    file_id: () => (file = { id: readText(reader, NAME_BYTES_MAX) }),
    transformations: () => (hasTransformations = skipped(reader)),
    cache_control: () => (hasCacheControl = skipped(reader)),
  });
  const span = source === undefined ? undefined : sourceSpan(source);
  const image =
    type === 'image' && span !== undefined ? { path, value: { start, end: reader.at }, source: span, hasTransformations, hasCacheControl } : undefined;
  if (image !== undefined) found.images.push(image);
  if (source?.fileId !== undefined && image?.source.kind !== 'file') found.references.push({ kind: 'file', id: source.fileId.text, path });
  if (file !== undefined) found.references.push({ kind: 'file', id: file.id, path });
}

/** Everything that a source may hold; which of it counts, its type decides at the end. */
interface Source {
  value: Span;
  type?: string | undefined;
  data?: StringSpan;
  mediaType?: { readonly value: Span; readonly text: string | undefined };
  url?: { readonly text: string | undefined; readonly bytes: number };
  fileId?: { readonly text: string | undefined };
}

function readSource(reader: JsonReader, path: string, found: Found): Source | undefined {
  if (reader.peek() !== 0x7b) {
    reader.skipValue();
    return undefined;
  }
  const source: Source = { value: { start: reader.at, end: reader.at } };
  readFields(reader, path, found, {
    type: () => (source.type = readText(reader, NAME_BYTES_MAX)),
    media_type: () => {
      reader.peek();
      const start = reader.at;
      const text = readText(reader, NAME_BYTES_MAX);
      source.mediaType = { value: { start, end: reader.at }, text };
    },
    data: () => withString(reader, (span) => (source.data = span)),
    url: () => withString(reader, (span) => (source.url = { text: reader.textOf(span, URL_CHARACTERS_MAX), bytes: span.end - span.start })),
    file_id: () => withString(reader, (span) => (source.fileId = { text: reader.textOf(span, NAME_BYTES_MAX) })),
    content: () => readContent(reader, `${path}.content`, found),
  });
  source.value = { start: source.value.start, end: reader.at };
  return source;
}

/** A source of a kind that is known, with what belongs to it. */
function sourceSpan({ type, value, data, mediaType, url, fileId }: Source): SourceSpan | undefined {
  if (type === 'base64' && data !== undefined) return { kind: 'base64', value, data, mediaType };
  if (type === 'url' && url !== undefined) return { kind: 'url', value, url: url.text, urlBytes: url.bytes };
  if (type === 'file' && fileId !== undefined) return { kind: 'file', value, fileId: fileId.text };
  return undefined;
}

/** Reads an object; of fields without a reader of their own only what names something at the provider counts. */
function readFields(reader: JsonReader, path: string, found: Found, readers: Readonly<Record<string, () => unknown>>): void {
  readKnown(reader, path, readers, (name) => readNoting(reader, name, path, found));
}

function readInteger(reader: JsonReader, body: Uint8Array): number | undefined {
  reader.peek();
  const start = reader.at;
  reader.skipValue();
  const text = new TextDecoder().decode(body.subarray(start, Math.min(reader.at, start + 17)));
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function skipped(reader: JsonReader): true {
  reader.skipValue();
  return true;
}
