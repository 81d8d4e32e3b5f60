import type { SeenImage } from '../image/inspect.ts';
import { fingerprint } from './fingerprint.ts';
import type { ModelRequest } from './request.ts';
import { details, fullDescription, SIMULATED } from './scene.ts';

/** The free text of an answer: every image described and numbered, then what was seen of the prompt. */
export function writeText(request: ModelRequest, images: readonly SeenImage[]): string {
  const [only] = images;
  const lines: string[] = [];
  if (only === undefined) lines.push(`${SIMULATED}: the request holds no image.`);
  else if (images.length === 1) lines.push(fullDescription(only));
  else {
    lines.push(`${SIMULATED} of ${images.length} images.`);
    for (const [index, image] of images.entries()) lines.push(`Image ${index + 1}: ${details(image)}.`);
  }
  lines.push(promptMark(request));
  return lines.join('\n');
}

/**
 * A mark of the words that were asked: equal prompts give equal marks, so an answer that was mixed up with another
 * shows. The prompt itself is not repeated: it is untrusted text.
 */
export function promptMark(request: ModelRequest): string {
  const system = request.system === '' ? 'no system prompt' : `a system prompt of ${request.system.length} characters seen`;
  return `(prompt ${fingerprint(request.billedText)}, ${system})`;
}
