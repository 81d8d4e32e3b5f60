import type { ExampleLanguage } from '../example/example.ts';
import type { SeenImage } from '../image/inspect.ts';
import { fingerprint } from './fingerprint.ts';
import type { ModelRequest } from './request.ts';
import { details, fullDescription, SIMULATED } from './scene.ts';
import { exampleMark, speechFor, spokenDescription } from './tongue.ts';

/** The free text of an answer: every image described and numbered, then what was seen of the prompt. */
export function writeText(request: ModelRequest, images: readonly SeenImage[]): string {
  const [only] = images;
  const lines: string[] = [];
  if (only === undefined) lines.push(`${SIMULATED}: the request holds no image.`);
  else if (images.length === 1) lines.push(...languagesOf(request).map((language) => describeIn(only, language)));
  else {
    lines.push(`${SIMULATED} of ${images.length} images.`);
    for (const [index, image] of images.entries()) lines.push(`Image ${index + 1}: ${details(image)}.`);
  }
  lines.push(promptMark(request));
  return lines.join('\n');
}

/** The image in one language; the facts come first in English, which is also what a language without words gets. */
function describeIn(image: SeenImage, language: string): string {
  const speech = speechFor(language);
  const words = image.example?.words[speech.code as ExampleLanguage];
  const facts = speech.code === 'en' ? fullDescription(image) : spokenDescription(image, speech);
  return `${facts}${speech.note}${words === undefined ? '' : `\n${exampleMark('description', speech)}${words.description}`}`;
}

/** The languages that the last words of the prompt ask for by their tags, as in "(BCP 47): de, fr"; English otherwise. */
function languagesOf({ billedText }: ModelRequest): string[] {
  const tags = [...billedText.matchAll(/\(BCP 47\)[^:\n]{0,80}: ((?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*(?:, )?){1,8})/g)].at(-1)?.[1];
  return tags?.split(', ').filter((tag) => tag !== '') ?? ['en'];
}

/**
 * A mark of the words that were asked: equal prompts give equal marks, so an answer that was mixed up with another
 * shows. The prompt itself is not repeated: it is untrusted text.
 */
export function promptMark(request: ModelRequest): string {
  const system = request.system === '' ? 'no system prompt' : `a system prompt of ${request.system.length} characters seen`;
  return `(prompt ${fingerprint(request.billedText)}, ${system})`;
}
