/**
 * What is said of a route for its callers: its request, its answers, its errors, and the words about them. Kept apart from the rows of
 * `route.ts`, which the Worker carries: these are for documents, clients and tests, and cost the bundle nothing.
 */
import type * as z from 'zod';
import type { ErrorCode } from '../core/fault.ts';

/** The groups of the reference, in its order. */
export const TAGS = {
  Describe: 'Describe images, and know the price before.',
  Images: 'Originals by the hash of their bytes, and what Claude sees of them.',
  Messages: "Anthropic's Messages API, with every image brought to the size that Claude sees.",
  Files: "Anthropic's Files API for images.",
  Usage: 'Models, use and spending of the own tenant.',
  Keys: 'API keys of all tenants, for keys with the scope admin.',
  Service: 'The service itself: health, metrics, cached answers.',
} as const;
export type Tag = keyof typeof TAGS;

/** A body of JSON with a schema; of text; or of bytes. */
export type Content =
  | { readonly kind: 'json'; readonly schema: z.ZodType; readonly examples: Readonly<Record<string, unknown>> }
  | { readonly kind: 'form'; readonly schema: z.ZodType; readonly files: Files | undefined; readonly example: unknown }
  | { readonly kind: 'text'; readonly description: string; readonly example: string }
  | { readonly kind: 'bytes' };

/** The file parts of a form: their name, and whether there may be several. */
export interface Files {
  readonly name: string;
  readonly description: string;
  readonly areMany: boolean;
}

/** By media type; `image/*` stands for any image. */
export type Contents = Readonly<Record<string, Content>>;

export interface Answer {
  readonly description: string;
  /** Absent where there is no body. */
  readonly content?: Contents;
  /** The headers that matter, by lower-case name; an optional schema for one that may be absent. */
  readonly headers?: z.ZodObject;
}

/** The parameters of a path, `imageId` of `/v1/images/:imageId/sent`. */
type ParameterOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

export interface Operation<Path extends string = string> {
  readonly tag: Tag;
  /** A few words in the imperative, without a full stop. */
  readonly summary: string;
  /** What a caller has to know: cost, limits, what is kept. */
  readonly description: string;
  readonly path: { readonly [Name in ParameterOf<Path>]: z.ZodType };
  readonly query: z.ZodObject | undefined;
  /** Request headers beside the key and `Idempotency-Key`. */
  readonly headers: z.ZodObject | undefined;
  readonly body: { readonly isRequired: boolean; readonly content: Contents } | undefined;
  /** Answers that are no errors, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes beside those that its row in `route.ts` brings: see `faultsOf`. */
  readonly faults: readonly ErrorCode[];
  /** Whether errors of the Anthropic API reach the caller with its own statuses. */
  readonly passesErrorsOn?: boolean;
  /** Codes of Anthropic's own that its clients act on, in `details.error_code` of a 400. */
  readonly clientCodes?: readonly string[];
}

/** A JSON body; the examples are by a few words that say what they show. */
export function json<Schema extends z.ZodType>(schema: Schema, examples: Readonly<Record<string, z.input<Schema>>> = {}): Content {
  return { kind: 'json', schema, examples };
}

/** An answer of JSON alone. */
export function jsonAnswer(description: string, schema: z.ZodType, headers?: z.ZodObject): Answer {
  return { description, content: { 'application/json': json(schema) }, ...(headers === undefined ? {} : { headers }) };
}

/** An image, as a body of its own. */
export const IMAGE_BYTES: Contents = { 'image/*': { kind: 'bytes' } };
