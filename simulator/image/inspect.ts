/**
 * From an image block to what the model sees: load the bytes, read the header, hold the limits, decode, look. This
 * folder knows pictures and the texts of their errors; it knows nothing of turns, answers or bills.
 */
import { invalidRequest } from '../error.ts';
import type { Example } from '../example/example.ts';
import { findExample } from '../example/find.ts';
import { DECODE_PIXELS_MAX, IMAGE_BYTES_MAX, MANY_IMAGES_MIN, MANY_IMAGES_SIDE_MAX_PX, SIDE_MAX_PX } from '../limit.ts';
import type { PlacedImage } from '../message/block.ts';
import type { Model } from '../model.ts';
import type { ImageFacts } from '../record.ts';
import type { Simulation } from '../state.ts';
import { decodeImage } from './decode.ts';
import { readImageHeader, sniffMediaType, type ImageHeader } from './header.ts';
import { loadImage, oversizedSetting, type LoadedImage } from './load.ts';
import { lookAt, type Look } from './look.ts';
import { imageTokens, nativeSize, type Size } from './native-size.ts';
import { orientUpright } from './pixels.ts';

/** One image as the model gets it. */
export interface SeenImage {
  readonly facts: ImageFacts;
  /** Absent when the pixels were not decoded. Coordinates are those of the upright source. */
  readonly look: Look | undefined;
  /** What people wrote about it, where it is one of the samples. */
  readonly example: Example | undefined;
}

/** Pictures whose look is remembered. */
const LOOKS_MAX = 64;

const UNDECODABLE = 'Could not process image';

/**
 * Loads, checks and looks at one image of a request that holds `count` of them.
 *
 * @throws 400 with the documented text for each limit; 404 for file ids nobody knows.
 */
export async function inspectImage(image: PlacedImage, count: number, model: Model, simulation: Simulation): Promise<SeenImage> {
  const setting = oversizedSetting(image);
  const loaded = await loadImage(image, simulation);
  const header = readHeader(loaded);
  const size = uprightSize(header);
  checkSides(size, count, loaded);
  const resized = nativeSize(size, model.tier);
  if (setting === 'error' && resized !== size) throw oversized(size, resized, image.path);
  const sha256 = await sha256Hex(loaded.bytes);
  const look = await lookOnce(sha256, loaded.bytes, header, simulation);
  return {
    look,
    example: findExample({ sha256, ...size }, look),
    facts: {
      path: image.path,
      source: loaded.source,
      media_type: header.mediaType,
      sha256,
      bytes: loaded.bytes.length,
      width: size.width,
      height: size.height,
      orientation: header.orientation,
      resized,
      image_tokens: imageTokens(resized),
      oversized_image: setting ?? null,
      decoded: look !== undefined,
      quadrants: look?.quadrants ?? null,
    },
  };
}

function readHeader(loaded: LoadedImage): ImageHeader {
  const { bytes, declaredMediaType, path } = loaded;
  if (bytes.length === 0) throw invalidRequest(`${path}: image cannot be empty`);
  if (bytes.length > IMAGE_BYTES_MAX) {
    throw invalidRequest(`${path}: image exceeds 10 MB maximum: ${bytes.length} bytes > ${IMAGE_BYTES_MAX} bytes`);
  }
  const actual = sniffMediaType(bytes);
  if (actual !== undefined && declaredMediaType !== undefined && actual !== declaredMediaType) {
    throw invalidRequest(`${path}: The image was specified using the ${declaredMediaType} media type, but the image appears to be a ${actual} image`);
  }
  const header = readImageHeader(bytes);
  if (header === undefined) throw invalidRequest(UNDECODABLE);
  return header;
}

/** The API turns an image upright before it measures it; 5 to 8 exchange the sides. */
function uprightSize(header: ImageHeader): Size {
  const { width, height } = header;
  return header.orientation >= 5 ? { width: height, height: width } : { width, height };
}

function checkSides(size: Size, count: number, loaded: LoadedImage): void {
  const longest = Math.max(size.width, size.height);
  const prefix = `${loaded.path}.data: At least one of the image dimensions exceed max allowed size`;
  if (longest > SIDE_MAX_PX) throw invalidRequest(`${prefix}: ${SIDE_MAX_PX} pixels`);
  if (count > MANY_IMAGES_MIN && longest > MANY_IMAGES_SIDE_MAX_PX) {
    throw invalidRequest(`${prefix} for many-image requests: ${MANY_IMAGES_SIDE_MAX_PX} pixels`);
  }
}

function oversized(size: Size, resized: Size, path: string): Error {
  const from = `${size.width}x${size.height}`;
  const to = `${resized.width}x${resized.height}`;
  return invalidRequest(
    `${path}.image: image dimensions ${from} exceed the maximum image size for this model and would be downsized ` +
      `to ${to}; scale the image to at most ${to} or set the image's oversized_image setting to "downsize"`,
  );
}

async function lookOnce(sha256: string, bytes: Uint8Array, header: ImageHeader, simulation: Simulation): Promise<Look | undefined> {
  const { looks } = simulation.state;
  const known = looks.get(sha256);
  if (known !== undefined) return known;
  const look = await lookInside(bytes, header, simulation);
  if (look === undefined) return undefined;
  const [oldest] = looks.keys();
  if (looks.size >= LOOKS_MAX && oldest !== undefined) looks.delete(oldest);
  looks.set(sha256, look);
  return look;
}

async function lookInside(bytes: Uint8Array, header: ImageHeader, simulation: Simulation): Promise<Look | undefined> {
  const { decoders } = simulation.settings;
  if (decoders === undefined || header.width * header.height > DECODE_PIXELS_MAX) return undefined;
  const decoded = await decodeImage(bytes, header, decoders);
  switch (decoded.kind) {
    case 'pixels':
      return lookAt(orientUpright(decoded.pixels, header.orientation));
    case 'unsupported':
      return undefined;
    case 'undecodable':
      throw invalidRequest(UNDECODABLE);
  }
}

async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
