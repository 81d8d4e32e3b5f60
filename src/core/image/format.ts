/**
 * The image formats that Vignette reads: one row a format. Everything that differs by format is in its row, in the header reader and
 * memory plan that the row names, and in the decoder that `src/codec/scanline/rgba-decode.ts` names; nothing else lists formats.
 *
 * What we read and what Claude takes are different types. A file is passed on only under a `ClaudeMediaType`, which no other
 * format has, so that passing on a BMP does not compile.
 */
import * as z from 'zod';
import { gifDecodeBytes } from '../vision/memory/gif.ts';
import { pngDecodeBytes } from '../vision/memory/png.ts';
import { webpDecodeBytes } from '../vision/memory/webp.ts';
import type { HeaderFacts } from './facts.ts';
import { gifDetailSchema, readGif } from './gif.ts';
import { jpegDetailSchema, readJpeg } from './jpeg.ts';
import { latin1, startsWith } from './magic.ts';
import { pngDetailSchema, readPng } from './png.ts';
import { readWebp, webpDetailSchema } from './webp.ts';

/** Width and height in pixels, in the axes of the stored rows. */
interface StoredSize {
  readonly width: number;
  readonly height: number;
}

interface Row<MediaType extends `image/${string}`, Taken extends boolean, Detail extends { readonly format: string }> {
  /** As it is written in messages. */
  readonly name: string;
  readonly mediaType: MediaType;
  /** What servers and browsers call it, too. */
  readonly aliases: readonly string[];
  /** Whether the Messages API takes such a file as it is (vision docs 2026-08, "Supported formats"). */
  readonly isTakenByClaude: Taken;
  /** By the first bytes of the file. */
  readonly recognises: (bytes: Uint8Array) => boolean;
  /** Facts from the header. @throws image_undecodable */
  readonly inspect: (bytes: Uint8Array) => HeaderFacts<Detail>;
  /** Where its orientation is written; absent where the format knows none. */
  readonly exif?: string;
  /** What `inspect` gives as `detail`, for facts that are read from storage. */
  readonly detail: z.ZodType<Detail>;
  /**
   * Peak bytes of our codec while it decodes into a bitmap of `target`, or `undefined` where it does not begin. Absent for JPEG, which never
   * becomes a bitmap: `core/vision/memory/jpeg.ts` plans it as a whole.
   */
  readonly decodeBytes?: (facts: HeaderFacts<Detail>, target: StoredSize) => number | undefined;
}

/** Binds the types of one row together. */
function format<const M extends `image/${string}`, const T extends boolean, D extends { readonly format: string }>(row: Row<M, T, D>): Row<M, T, D> {
  return row;
}

export const FORMATS = {
  jpeg: format({
    name: 'JPEG',
    mediaType: 'image/jpeg',
    aliases: ['image/jpg', 'image/pjpeg'],
    isTakenByClaude: true,
    recognises: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
    inspect: readJpeg,
    exif: 'the first APP1 segment with "Exif"',
    detail: jpegDetailSchema,
  }),
  png: format({
    name: 'PNG',
    mediaType: 'image/png',
    aliases: ['image/x-png', 'image/apng'],
    isTakenByClaude: true,
    recognises: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    inspect: readPng,
    exif: 'the eXIf chunk',
    detail: pngDetailSchema,
    decodeBytes: pngDecodeBytes,
  }),
  gif: format({
    name: 'GIF',
    mediaType: 'image/gif',
    aliases: [],
    isTakenByClaude: true,
    recognises: (bytes) => /^GIF8[79]a/.test(latin1(bytes, 0, 6)),
    inspect: readGif,
    detail: gifDetailSchema,
    decodeBytes: gifDecodeBytes,
  }),
  webp: format({
    name: 'WebP',
    mediaType: 'image/webp',
    aliases: [],
    isTakenByClaude: true,
    recognises: (bytes) => /^RIFF[^]{4}WEBP/.test(latin1(bytes, 0, 12)),
    inspect: readWebp,
    exif: 'the EXIF chunk',
    detail: webpDetailSchema,
    decodeBytes: webpDecodeBytes,
  }),
} as const;

/** A format that we read. */
export type ReadableFormat = keyof typeof FORMATS;
export type ReadableMediaType = (typeof FORMATS)[ReadableFormat]['mediaType'];
/** What only one format has, discriminated by `format`. */
export type FormatDetail = ReturnType<(typeof FORMATS)[ReadableFormat]['inspect']>['detail'];

type ClaudeFormat = { [F in ReadableFormat]: (typeof FORMATS)[F]['isTakenByClaude'] extends true ? F : never }[ReadableFormat];
/** The media type of a file that Claude takes: the only one under which anything is passed on. */
export type ClaudeMediaType = (typeof FORMATS)[ClaudeFormat]['mediaType'];

/** All rows, in the order in which files are recognised. */
export const FORMAT_ROWS = Object.entries(FORMATS) as readonly [ReadableFormat, FormatRow][];

/** A row whose format is not known to the compiler. */
export type FormatRow = Omit<Row<ReadableMediaType, boolean, FormatDetail>, 'detail' | 'decodeBytes'> & {
  readonly decodeBytes?: (facts: HeaderFacts<FormatDetail>, target: StoredSize) => number | undefined;
};

export function formatRow(name: ReadableFormat): FormatRow {
  // A row's plan is only ever given facts that its own reader made: `detail.format` is the name of the row.
  return FORMATS[name] as FormatRow;
}

const names = Object.keys(FORMATS) as [ReadableFormat, ...ReadableFormat[]];
export const formatSchema = z.enum(names);
export const readableMediaTypeSchema = z.enum(FORMAT_ROWS.map(([, { mediaType }]) => mediaType) as [ReadableMediaType, ...ReadableMediaType[]]);
export const claudeMediaTypeSchema = z.enum(
  FORMAT_ROWS.flatMap(([, { mediaType, isTakenByClaude }]) => (isTakenByClaude ? [mediaType] : [])) as [ClaudeMediaType, ...ClaudeMediaType[]],
);
export const formatDetailSchema = z.union(Object.values(FORMATS).map(({ detail }) => detail)) as z.ZodType<FormatDetail>;

/** The same media type, known to be one that Claude takes; `undefined` for one that it does not take. */
export function claudeMediaType(mediaType: ReadableMediaType): ClaudeMediaType | undefined {
  const parsed = claudeMediaTypeSchema.safeParse(mediaType);
  return parsed.success ? parsed.data : undefined;
}

/** The names of all formats, as in "JPEG, PNG or GIF". */
export function formatNames(conjunction: 'and' | 'or'): string {
  const all = FORMAT_ROWS.map(([, { name }]) => name);
  return `${all.slice(0, -1).join(', ')} ${conjunction} ${all.at(-1)}`;
}
