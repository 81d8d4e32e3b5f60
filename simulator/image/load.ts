import { ApiError, invalidRequest } from '../error.ts';
import { requireLiveFile } from '../file.ts';
import { isObject, refuseExtraFields, requireObject, requireString } from '../json.ts';
import type { PlacedImage } from '../message/block.ts';
import type { Simulation } from '../state.ts';
import { downloadImage } from '../url/download.ts';
import { decodeBase64 } from './base64.ts';
import { MEDIA_TYPES, type MediaType } from './header.ts';

/** An image's bytes and where they came from. */
export interface LoadedImage {
  readonly bytes: Uint8Array;
  readonly source: 'base64' | 'url' | 'file';
  /** Only base64 sources declare one. */
  readonly declaredMediaType: MediaType | undefined;
  /** The field that errors about the bytes name. */
  readonly path: string;
}

const IMAGE_FIELDS = new Set(['type', 'source', 'cache_control', 'transformations']);
const SOURCE_FIELDS = {
  base64: new Set(['type', 'media_type', 'data']),
  url: new Set(['type', 'url']),
  file: new Set(['type', 'file_id']),
};
const OVERSIZED = ['downsize', 'error'];

/** Checks an image block's fields and gets its bytes. @throws 400 or 404 in the API's words. */
export async function loadImage(image: PlacedImage, simulation: Simulation): Promise<LoadedImage> {
  const path = `${image.path}.image`;
  refuseExtraFields(image.block, IMAGE_FIELDS, path);
  const source = requireObject(image.block['source'], `${path}.source`);
  const kind = source['type'];
  if (kind !== 'base64' && kind !== 'url' && kind !== 'file') {
    throw invalidRequest(`${path}.source: Input tag '${String(kind)}' found using 'type' does not match any of the expected tags: 'base64', 'url', 'file'`);
  }
  refuseExtraFields(source, SOURCE_FIELDS[kind], `${path}.source.${kind}`);
  const field = `${path}.source.${kind}`;
  switch (kind) {
    case 'base64': {
      const declaredMediaType = requireMediaType(source['media_type'], `${field}.media_type`);
      const data = requireString(source['data'], `${field}.data`);
      return { bytes: decodeBase64(data, field), source: kind, declaredMediaType, path: field };
    }
    case 'url': {
      const url = requireString(source['url'], `${field}.url`);
      const bytes = await downloadImage(url, simulation.settings.fetch);
      return { bytes, source: kind, declaredMediaType: undefined, path: field };
    }
    case 'file': {
      const file = requireLiveFile(simulation, requireString(source['file_id'], `${field}.file_id`));
      if (!MEDIA_TYPES.some((mediaType) => mediaType === file.mediaType)) {
        throw new ApiError('invalid_request_error', `Invalid file type: ${file.mediaType} is not an image`);
      }
      return { bytes: file.bytes, source: kind, declaredMediaType: undefined, path: field };
    }
  }
}

/** The `oversized_image` setting of an image block: `error` asks for a 400 instead of a silent resize. */
export function oversizedSetting(image: PlacedImage): 'downsize' | 'error' | undefined {
  const transformations = image.block['transformations'];
  if (transformations === undefined || transformations === null) return undefined;
  const path = `${image.path}.image.transformations`;
  if (!isObject(transformations)) throw invalidRequest(`${path}: Input should be an object`);
  refuseExtraFields(transformations, new Set(['oversized_image']), path);
  const setting = transformations['oversized_image'];
  if (setting === undefined) return undefined;
  if (setting !== 'downsize' && setting !== 'error') {
    const expected = OVERSIZED.map((name) => `'${name}'`).join(' or ');
    throw invalidRequest(`${path}.oversized_image: Input should be ${expected}`);
  }
  return setting;
}

function requireMediaType(value: unknown, path: string): MediaType {
  const declared = requireString(value, path);
  const known = MEDIA_TYPES.find((mediaType) => mediaType === declared);
  if (known === undefined) {
    throw invalidRequest(`${path}: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`);
  }
  return known;
}
