/** Prepared images → edits of the body: the least that makes each block right. */
import type { ClaudeMediaType } from '../image/format.ts';
import type { ImageBlock } from './scan.ts';
import type { Edit } from '../json/splice.ts';

/** What becomes of an image block. */
export type Outcome =
  /** It goes out byte for byte. */
  | { readonly kind: 'untouched' }
  /** Only its media type was wrong. */
  | { readonly kind: 'retyped'; readonly mediaType: ClaudeMediaType }
  /** Its source becomes these bytes. `isSized`: they were brought to this size here. */
  | { readonly kind: 'base64'; readonly mediaType: ClaudeMediaType; readonly bytes: Uint8Array<ArrayBuffer>; readonly isSized: boolean }
  /** Its source becomes a file of the Files API. */
  | { readonly kind: 'file'; readonly fileId: string; readonly isSized: boolean };

/**
 * Edits for one block. `isGuarded`: the API shall refuse, not silently resize, what was sized here; a caller who says
 * something about oversized images himself keeps his word.
 */
export function editsFor(block: ImageBlock, outcome: Outcome, isGuarded: boolean): readonly Edit[] {
  const { source } = block;
  switch (outcome.kind) {
    case 'untouched':
      return [];
    case 'retyped':
      return source.kind === 'base64' && source.mediaType !== undefined ? [{ span: source.mediaType.value, pieces: [`"${outcome.mediaType}"`] }] : [];
    case 'base64': {
      const pieces = [`{"type":"base64","media_type":"${outcome.mediaType}","data":"`, { base64Of: outcome.bytes }, '"}'];
      return [{ span: source.value, pieces }, ...guard(block, outcome.isSized && isGuarded)];
    }
    case 'file':
      return [{ span: source.value, pieces: [`{"type":"file","file_id":${JSON.stringify(outcome.fileId)}}`] }, ...guard(block, outcome.isSized && isGuarded)];
  }
}

/** `source` is a member of the block, so another one may follow it. */
function guard({ source, hasTransformations }: ImageBlock, isWanted: boolean): readonly Edit[] {
  if (!isWanted || hasTransformations) return [];
  return [{ span: { start: source.value.end, end: source.value.end }, pieces: [',"transformations":{"oversized_image":"error"}'] }];
}
