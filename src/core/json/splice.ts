/** An outgoing body: the incoming bytes with some spans replaced. Nothing between the spans is looked at or changed. */
import { ENCODE_CHUNK_BYTES } from './limit.ts';
import type { Span } from './reader.ts';

/** A piece of what takes the place of a span: text as it is, or bytes to be written as base64. */
export type Piece = string | { readonly base64Of: Uint8Array };

/** An empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly pieces: readonly Piece[];
}

/** Bytes of the body that `splice` gives. Edits do not overlap; text pieces are ASCII. */
export function splicedBytes(body: Uint8Array, edits: readonly Edit[]): number {
  return edits.reduce((sum, { span, pieces }) => sum - (span.end - span.start) + pieces.reduce((inner, piece) => inner + pieceBytes(piece), 0), body.length);
}

/** Characters of base64 text that so many bytes make, padding included. */
export function base64Characters(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/**
 * The outgoing body in chunks, in order: views of the incoming one, and what is written between them. Peak: one chunk
 * of base64, as text and as bytes.
 */
export function* splice(body: Uint8Array, edits: readonly Edit[]): Generator<Uint8Array> {
  let at = 0;
  for (const { span, pieces } of edits.toSorted((one, other) => one.span.start - other.span.start || one.span.end - other.span.end)) {
    if (span.start > at) yield body.subarray(at, span.start);
    for (const piece of pieces) yield* pieceChunks(piece);
    at = span.end;
  }
  if (at < body.length) yield body.subarray(at);
}

function pieceBytes(piece: Piece): number {
  return typeof piece === 'string' ? piece.length : base64Characters(piece.base64Of.length);
}

function* pieceChunks(piece: Piece): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  if (typeof piece === 'string') {
    yield encoder.encode(piece);
    return;
  }
  for (let at = 0; at < piece.base64Of.length; at += ENCODE_CHUNK_BYTES) yield encoder.encode(piece.base64Of.subarray(at, at + ENCODE_CHUNK_BYTES).toBase64());
}
