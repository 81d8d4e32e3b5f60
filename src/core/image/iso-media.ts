/**
 * Headers of HEIC and AVIF files: the boxes that describe the primary image (ISO/IEC 14496-12 §8.11, 23008-12 §6.5 and §9.3). Pixels are not
 * decoded here; where the operator has bound Cloudflare Images, that service does it.
 */
import * as z from 'zod';
import { type HeaderFacts, undecodable } from './facts.ts';
import { BLOCK_COUNT_MAX } from './limit.ts';
import { latin1 } from './magic.ts';

export const heicDetailSchema = z.strictObject({ format: z.literal('heic') });
export type HeicDetail = Readonly<z.infer<typeof heicDetailSchema>>;
export const avifDetailSchema = z.strictObject({ format: z.literal('avif') });
export type AvifDetail = Readonly<z.infer<typeof avifDetailSchema>>;

/** Brands stand right behind `ftyp` (ISO/IEC 14496-12 §4.3). */
function brandsOf(bytes: Uint8Array): string {
  return latin1(bytes, 4, 8) === 'ftyp' ? latin1(bytes, 8, 64) : '';
}

export function isAvif(bytes: Uint8Array): boolean {
  return /avi[fs]/.test(brandsOf(bytes));
}

export function isHeic(bytes: Uint8Array): boolean {
  return !isAvif(bytes) && /hei[cxms]|hev[cx]|mif1|msf1/.test(brandsOf(bytes));
}

/** @throws image_undecodable */
export function readHeic(bytes: Uint8Array): HeaderFacts<HeicDetail> {
  return { ...readPrimaryImage('HEIC', bytes), detail: { format: 'heic' } };
}

/** @throws image_undecodable */
export function readAvif(bytes: Uint8Array): HeaderFacts<AvifDetail> {
  return { ...readPrimaryImage('AVIF', bytes), detail: { format: 'avif' } };
}

/** Facts of the primary image, upright: who decodes it applies `irot` and `imir`, so no turn is left. */
function readPrimaryImage(name: string, bytes: Uint8Array): Omit<HeaderFacts<{ readonly format: string }>, 'detail'> {
  const meta = child(bytes, 0, bytes.length, 'meta') ?? missing(name, 'meta');
  const from = meta.start + 4;
  const properties = child(bytes, from, meta.end, 'iprp') ?? missing(name, 'iprp');
  const container = child(bytes, properties.start, properties.end, 'ipco') ?? missing(name, 'ipco');
  const associations = child(bytes, properties.start, properties.end, 'ipma') ?? missing(name, 'ipma');
  const primary = primaryItem(bytes, child(bytes, from, meta.end, 'pitm') ?? missing(name, 'pitm'));
  const all = [...boxes(bytes, container.start, container.end)];
  const own = propertyIndices(bytes, associations, primary).flatMap((index) => all[index - 1] ?? []);
  const extents = own.find(({ type }) => type === 'ispe') ?? missing(name, 'ispe');
  const [width, height] = [uint(bytes, extents.start + 4, 4), uint(bytes, extents.start + 8, 4)];
  if (width === 0 || height === 0) throw undecodable(name, `its size is ${width}x${height}`);
  const turn = own.find(({ type }) => type === 'irot');
  const isTurned = turn !== undefined && (uint(bytes, turn.start, 1) & 1) === 1;
  const channels = own.find(({ type }) => type === 'pixi');
  return {
    storedWidth: isTurned ? height : width,
    storedHeight: isTurned ? width : height,
    orientation: 1,
    hasAlpha: all.some(({ type, start, end }) => type === 'auxC' && /:alpha|auxid:1/.test(latin1(bytes, start, Math.min(end, start + 64)))),
    frames: 1,
    bitDepth: channels === undefined ? 8 : uint(bytes, channels.start + 5, 1),
    colourModel: 'ycbcr',
  };
}

interface BoxSpan {
  readonly type: string;
  /** Of its content, behind the header. */
  readonly start: number;
  readonly end: number;
}

/** Boxes between two offsets. One that passes the end is cut there: pixels may be missing, the description not. */
function* boxes(bytes: Uint8Array, from: number, to: number): Generator<BoxSpan> {
  let at = from;
  for (let count = 0; count < BLOCK_COUNT_MAX && at + 8 <= to; count++) {
    const declared = uint(bytes, at, 4);
    const headerBytes = declared === 1 ? 16 : 8;
    const size = declared === 1 ? uint(bytes, at + 8, 8) : declared === 0 ? to - at : declared;
    if (size < headerBytes) return;
    yield { type: latin1(bytes, at + 4, at + 8), start: at + headerBytes, end: Math.min(to, at + size) };
    at += size;
  }
}

function child(bytes: Uint8Array, from: number, to: number, wanted: string): BoxSpan | undefined {
  for (const box of boxes(bytes, from, to)) if (box.type === wanted) return box;
  return undefined;
}

function primaryItem(bytes: Uint8Array, { start }: BoxSpan): number {
  return uint(bytes, start + 4, uint(bytes, start, 1) === 0 ? 2 : 4);
}

/** `ipma`: which properties belong to an item, by their place in `ipco`, from 1. */
function propertyIndices(bytes: Uint8Array, { start, end }: BoxSpan, item: number): readonly number[] {
  const idBytes = uint(bytes, start, 1) === 0 ? 2 : 4;
  const indexBytes = (uint(bytes, start + 3, 1) & 1) === 1 ? 2 : 1;
  let at = start + 8;
  for (let entries = Math.min(uint(bytes, start + 4, 4), BLOCK_COUNT_MAX); entries > 0 && at < end; entries--) {
    const count = uint(bytes, at + idBytes, 1);
    const first = at + idBytes + 1;
    if (uint(bytes, at, idBytes) === item) {
      // The highest bit says that a reader must know the property.
      const mask = indexBytes === 2 ? 0x7fff : 0x7f;
      return Array.from({ length: count }, (_, index) => uint(bytes, first + index * indexBytes, indexBytes) & mask);
    }
    at = first + count * indexBytes;
  }
  return [];
}

/** A big-endian number; bytes beyond the file count as 0. */
function uint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

function missing(name: string, box: string): never {
  throw undecodable(name, `it has no "${box}" box`);
}
