/**
 * What one field of a description is. A field is either asked of Claude or computed here from the picture's facts; its row says
 * everything about it, and nothing outside this folder enumerates fields or knows their shape.
 */
import type * as z from 'zod';
import type { ImageInfo } from '../image/info.ts';
import type { Size } from '../vision/tier.ts';
import type { LintIssue } from './lint.ts';

/** What a field may know of the request when it is asked for. */
export interface FieldRequest {
  readonly languages: readonly string[];
  readonly maxLength: number | undefined;
}

/** A picture of the request: the facts of its header, and its upright size as Claude saw it where that is known. */
export interface FieldPicture {
  readonly info: ImageInfo;
  readonly sent: Size | undefined;
}

/** One a picture, in the order of the request; `undefined` for a picture that only Claude fetched. */
export type FieldPictures = readonly (FieldPicture | undefined)[];

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What both kinds of fields have. `Placed` is the value as the caller gets it. */
interface Answered<Placed> {
  /** One sentence for the reference. */
  readonly summary: string;
  readonly wire: z.ZodType<Placed>;
  readonly example: Placed;
  /** The value for `Accept: text/plain`. */
  text(value: Placed): string;
  /** What is wrong with a value by the rules for good answers; empty where there is none. */
  lint(value: Placed, request: FieldRequest): readonly LintIssue[];
}

/** A field that Claude writes. `Value` is its form in the cache, whose coordinates are pixels of the picture as sent. */
export interface AskedField<Value, Placed = Value> extends Answered<Placed> {
  readonly origin: 'model';
  /** For `output_config.format`: within the subset of JSON Schema that the API takes. Part of the cache key. */
  readonly schema: JsonSchema;
  /** The words to Claude, after "- " and the field's name. Part of the cache key, so that a change needs no version. */
  brief(request: FieldRequest): string;
  /** A line after all briefs. Part of the cache key. */
  readonly remark: ((request: FieldRequest) => string) | undefined;
  /** The tier of `"detail": "auto"`: `high` where small things of the picture matter. */
  readonly detail: 'standard' | 'high';
  /** Output tokens in each language, beyond those that the default limit has for a few sentences. */
  readonly outputTokens: number;
  /** The value in Claude's JSON, cleaned; `undefined` where it cannot be used. */
  parse(json: unknown, request: FieldRequest): Value | undefined;
  /** The value as the cache keeps it. */
  readonly stored: z.ZodType<Value>;
  /** The value with its coordinates in pixels of the original. It runs for each answer, since pictures of several sizes share an entry. */
  place(value: Value, pictures: FieldPictures): Placed;
}

/** A field that is computed from the picture for each answer: neither asked of Claude nor part of the cache. */
export interface ComputedField<Placed> extends Answered<Placed> {
  readonly origin: 'picture';
  compute(pictures: FieldPictures): Placed;
}

export type FieldRow = AskedField<unknown> | ComputedField<unknown>;
