/** The parts that schemas of the wire are made of. Each says what it holds, with an example: the documents are made of them. */
import * as z from 'zod';

/** Text. */
export function text(description: string, example: string) {
  return z.string().meta({ description, examples: [example] });
}

/** A whole number, 0 or more. */
export function count(description: string, example: number) {
  return z
    .int()
    .min(0)
    .meta({ description, examples: [example] });
}

/** US$, 0 or more. */
export function usd(description: string, example: number) {
  return z
    .number()
    .min(0)
    .meta({ description, examples: [example] });
}

export function flag(description: string) {
  return z.boolean().meta({ description });
}

/** A moment, RFC 3339 in UTC. */
export function time(description: string, example = '2026-11-21T09:30:00.000Z') {
  return z.iso.datetime().meta({ description, examples: [example] });
}

/** A calendar day in UTC. */
export function day(description: string, example = '2026-11-21') {
  return z.iso.date().meta({ description, examples: [example] });
}

/** What kind of answer it is. */
export function kind<Name extends string>(name: Name) {
  return z.literal(name).meta({ description: 'The kind of answer.' });
}

/** The id of the request that made an answer. */
export function requestId() {
  return z
    .string()
    .regex(/^req_[0-9a-f]{32}$/)
    .meta({ description: 'The id of the request, also in x-request-id.', examples: ['req_0f9d8c7b6a5e4d3c2b1a0f9e8d7c6b5a'] });
}

/** A stored or sent image by its content. */
export function imageId(description = 'The image by the hash of its bytes.') {
  return z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .meta({ description, examples: [`sha256:${EXAMPLE_SHA256}`] });
}

export const EXAMPLE_SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** A media type that images have. */
export function mediaType(description: string) {
  return z
    .string()
    .regex(/^image\/[a-z0-9.+-]+$/)
    .meta({ description, examples: ['image/jpeg'] });
}

/** An object that is passed through as it came. */
export function anyObject(description: string, example: Readonly<Record<string, unknown>>) {
  return z.record(z.string(), z.unknown()).meta({ description, examples: [example] });
}
