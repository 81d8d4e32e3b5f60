/**
 * Canaries: values that may be nowhere but where they were sent. What left the service or stayed in it is gathered as
 * text, and searched for them and for any piece of a picture's base64.
 */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { bindings } from './storage.ts';

/** Something found, with the place where it stands, e.g. `a line of the log`. */
export interface Trace {
  readonly place: string;
  readonly text: string;
}

const PIECE_CHARACTERS = 64;

/** A searcher for these values (by name) and for the bytes of these files in base64, at any alignment and in both alphabets. */
export function canaries(values: Readonly<Record<string, string>>, files: readonly Uint8Array[]) {
  const pieces = new Set<string>();
  for (const file of files) {
    for (const start of [0, 1, 2]) {
      const text = toPlainAlphabet(new Uint8Array(file.subarray(start)).toBase64({ omitPadding: true }));
      for (let at = 0; at + PIECE_CHARACTERS <= text.length; at++) pieces.add(text.slice(at, at + PIECE_CHARACTERS));
    }
  }
  return {
    /** `place: name` for each leak. */
    leaksIn(traces: readonly Trace[]): readonly string[] {
      return traces.flatMap(({ place, text }) => [
        ...Object.entries(values).flatMap(([name, value]) => (text.includes(value) ? [`${place}: ${name}`] : [])),
        ...(hasPiece(text, pieces) ? [`${place}: base64 of a picture`] : []),
      ]);
    },
  };
}

function toPlainAlphabet(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

function hasPiece(text: string, pieces: ReadonlySet<string>): boolean {
  for (const [run] of toPlainAlphabet(text).matchAll(/[A-Za-z0-9+/]{64,}/g)) {
    for (let at = 0; at + PIECE_CHARACTERS <= run.length; at++) if (pieces.has(run.slice(at, at + PIECE_CHARACTERS))) return true;
  }
  return false;
}

/** Status line and headers of an answer; its body as well where it is an error, or a stream that ends in one. */
export async function tracesOf(what: string, response: Response): Promise<readonly Trace[]> {
  const traces = [{ place: `headers of ${what}`, text: JSON.stringify([...response.headers]) }];
  const body = await response.text();
  if (response.ok && !body.includes('event: error')) return traces;
  return [...traces, { place: `${response.ok ? 'stream' : response.status} of ${what}`, text: body }];
}

/** Durable Objects that there are, by id; those of other tests stay, empty, when all is removed. */
export async function objectIds(): Promise<ReadonlySet<string>> {
  const ids = await Promise.all(namespaces().map(async ([, namespace]) => (await listDurableObjectIds(namespace)).map(String)));
  return new Set(ids.flat());
}

/**
 * Everything in KV, names and metadata in R2, and every row of every Durable Object but of those that are left out. Originals in R2 are
 * what callers store.
 */
export async function storedTraces(leftOut: ReadonlySet<string> = new Set()): Promise<readonly Trace[]> {
  const traces: Trace[] = [];
  for (const { name, metadata } of (await bindings.DESCRIPTIONS.list()).keys) {
    const value = new Uint8Array((await bindings.DESCRIPTIONS.get(name, 'arrayBuffer')) ?? new ArrayBuffer(0));
    traces.push({ place: 'a key of KV', text: name }, { place: 'metadata in KV', text: JSON.stringify(metadata ?? null) });
    traces.push({ place: `a value of KV (${name.split(':')[0]})`, text: textOf(value) });
  }
  for (const object of (await bindings.IMAGES.list({ include: ['httpMetadata', 'customMetadata'] })).objects)
    traces.push({ place: 'R2', text: JSON.stringify([object.key, object.httpMetadata, object.customMetadata]) });
  for (const [binding, namespace] of namespaces()) {
    for (const id of await listDurableObjectIds(namespace)) if (!leftOut.has(String(id))) traces.push(...(await rowsOf(binding, namespace.get(id))));
  }
  return traces;
}

function namespaces(): readonly (readonly [string, DurableObjectNamespace])[] {
  const isNamespace = (binding: unknown): binding is DurableObjectNamespace =>
    typeof binding === 'object' && binding?.constructor.name === 'DurableObjectNamespace';
  return Object.entries(env as unknown as Record<string, unknown>).flatMap(([name, binding]) => (isNamespace(binding) ? [[name, binding] as const] : []));
}

function rowsOf(binding: string, stub: DurableObjectStub): Promise<readonly Trace[]> {
  return runInDurableObject(stub, async (_, { storage }) => {
    const traces: Trace[] = [];
    for (const [key, value] of await storage.list()) traces.push({ place: `${binding}, values`, text: `${key} ${JSON.stringify(value)}` });
    const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray();
    for (const { name } of tables) {
      for (const row of storage.sql.exec(`SELECT * FROM "${String(name)}"`).toArray()) {
        const cells = Object.values(row).map((value) => (value instanceof ArrayBuffer ? textOf(new Uint8Array(value)) : String(value)));
        traces.push({ place: `${binding}, table ${String(name)}`, text: cells.join(' ') });
      }
    }
    return traces;
  });
}

/** Bytes as Latin-1, so that text in the middle of them is found. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
