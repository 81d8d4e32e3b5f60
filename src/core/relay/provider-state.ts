/**
 * Names of things that the provider keeps, in a Messages body: whoever knows one reaches what lies behind it, since all tenants share
 * the deployment's key. They are found here, and pass only where this tenant made them (`stage/relay/state.ts`).
 */
import { NAME_BYTES_MAX } from '../json/limit.ts';
import type { JsonReader, StringSpan } from '../json/reader.ts';
import { PROVIDER_STATE_PREFIX } from '../stored/version.ts';
import { isThere, readFields, readText } from './field.ts';

/** `message`: a former answer; `container`: what code of the API's tool ran in; `file`: one of the Files API; `skill`: one of the workspace's own. */
export type StateKind = 'message' | 'container' | 'file' | 'skill';

/** One name, and where it stands. An id that is no short text is nobody's. */
export interface StateReference {
  readonly kind: StateKind;
  readonly id: string | undefined;
  readonly path: string;
}

/** A thing that an answer brought into being. */
export interface MadeState {
  readonly kind: Exclude<StateKind, 'skill'>;
  readonly id: string;
}

/** Collects references while a body is read. */
export interface FoundState {
  readonly references: StateReference[];
  /** Whether the provider would hold the conversation. */
  hasThread: boolean;
  /** Whether the answer's id will be named by a later request. */
  asksDiagnosis: boolean;
}

export function noState(): FoundState {
  return { references: [], hasThread: false, asksDiagnosis: false };
}

/** Readers for the members at the top of a request. */
export function stateReaders(reader: JsonReader, found: FoundState): Readonly<Record<string, () => void>> {
  return {
    thread: () => (found.hasThread = isThere(reader)),
    container: () => readContainer(reader, found),
    diagnostics: () => readDiagnostics(reader, found),
  };
}

/** Data of callers: a file id in there is text. */
const FREE: ReadonlySet<string> = new Set(['input', 'input_schema', 'schema', 'input_examples', 'metadata']);
const FILE_NAMES: ReadonlySet<string> = new Set(['file_id', 'file_ids']);
const NAME_CHARACTERS_MAX = 14;

/** Reads a member's value; ids of files in it are noted, wherever they stand. */
export function readNoting(reader: JsonReader, name: StringSpan, path: string, found: FoundState): void {
  const text = name.end - name.start <= NAME_CHARACTERS_MAX || name.hasEscapes ? reader.textOf(name, NAME_BYTES_MAX) : undefined;
  if (text !== undefined && FREE.has(text)) reader.skipValue();
  else noteFiles(reader, text !== undefined && FILE_NAMES.has(text), path, found);
}

function noteFiles(reader: JsonReader, isFile: boolean, path: string, found: FoundState): void {
  const first = reader.peek();
  if (first === 0x5b) reader.readArray(() => noteFiles(reader, isFile, path, found));
  else if (first === 0x7b) reader.readObject((name) => readNoting(reader, name, path, found));
  else if (isFile && first === 0x22) found.references.push({ kind: 'file', id: readText(reader, NAME_BYTES_MAX), path });
  else reader.skipValue();
}

/** An id, or an object with an id and skills. */
function readContainer(reader: JsonReader, found: FoundState): void {
  const first = reader.peek();
  const note = (kind: StateKind, path: string) => {
    const isString = reader.peek() === 0x22;
    const id = readText(reader, NAME_BYTES_MAX);
    if (isString) found.references.push({ kind, id, path });
  };
  if (first === 0x22) return note('container', 'container');
  if (first !== 0x7b) return reader.skipValue();
  readFields(reader, 'container', {
    id: () => note('container', 'container.id'),
    skills: () => {
      if (reader.peek() !== 0x5b) return reader.skipValue();
      reader.readArray((index) => readSkill(reader, `container.skills.${index}`, found));
    },
  });
}

/** Skills of Anthropic are everybody's; those of the workspace belong to whoever put them there. */
function readSkill(reader: JsonReader, path: string, found: FoundState): void {
  if (reader.peek() !== 0x7b) return reader.skipValue();
  let type: string | undefined;
  let id: string | undefined;
  readFields(reader, path, {
    type: () => (type = readText(reader, NAME_BYTES_MAX)),
    skill_id: () => (id = readText(reader, NAME_BYTES_MAX)),
  });
  if (type !== 'anthropic') found.references.push({ kind: 'skill', id, path: `${path}.skill_id` });
}

function readDiagnostics(reader: JsonReader, found: FoundState): void {
  if (reader.peek() !== 0x7b) return reader.skipValue();
  found.asksDiagnosis = true;
  readFields(reader, 'diagnostics', {
    previous_message_id: () => {
      if (reader.peek() === 0x6e) return reader.skipValue();
      found.references.push({ kind: 'message', id: readText(reader, NAME_BYTES_MAX), path: 'diagnostics.previous_message_id' });
    },
  });
}

/** How long a thing is remembered: containers live for 30 days after their last use, and nothing else is named for longer. */
export const STATE_TTL_SECONDS = 30 * 86_400;

/** Ids as the API makes them; anything else is nobody's. */
const ID = /^[A-Za-z0-9_-]{1,128}$/;

/** The KV key of a thing (at most 220 bytes; KV allows 512), or `undefined` for an id that none can have. */
export function stateKey(tenant: string, { kind, id }: MadeState): string | undefined {
  return ID.test(id) ? `${PROVIDER_STATE_PREFIX}${tenant}:${kind}:${id}` : undefined;
}

/** Things that an answer made, by its Message: its container and files that code left there, and where it will be named later, itself. */
export function madeBy(message: Readonly<Record<string, unknown>>, asksDiagnosis: boolean): readonly MadeState[] {
  const made: MadeState[] = [];
  const container = objectOf(message['container'])['id'];
  if (typeof container === 'string') made.push({ kind: 'container', id: container });
  if (asksDiagnosis && typeof message['id'] === 'string') made.push({ kind: 'message', id: message['id'] });
  const content = message['content'];
  for (const id of Array.isArray(content) ? content.flatMap(filesIn) : []) made.push({ kind: 'file', id });
  return made;
}

/** Ids of files that a result of the API's code tool names. Text, calls and thoughts name none, whatever they say. */
export function filesIn(block: unknown): readonly string[] {
  if (!/(^|_)code_execution_tool_result$/.test(String(objectOf(block)['type']))) return [];
  const content = objectOf(objectOf(block)['content'])['content'];
  const ids = Array.isArray(content) ? content.map((output) => objectOf(output)['file_id']) : [];
  return ids.filter((id) => typeof id === 'string');
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
