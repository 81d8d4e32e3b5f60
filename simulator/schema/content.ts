import type { ExampleLanguage, ExampleObject, ExampleWords } from '../example/example.ts';
import type { Box } from '../image/look.ts';
import type { SeenImage } from '../image/inspect.ts';
import { fullDescription, SIMULATED, tags } from '../message/scene.ts';
import { exampleMark, speechFor, spokenAltText, spokenCaption, spokenDescription } from '../message/tongue.ts';
import type { Place } from './write.ts';

/** The string for a property, by its name and its JSON Schema `format`. Prose says that it is simulated. */
export function stringFor(name: string, format: unknown, place: Place): string {
  const { subject, imageIndex, language } = place;
  const formatted = formattedString(format);
  if (formatted !== undefined) return formatted;
  const image = subject.images[imageIndex];
  if (/^(language|lang|locale|language_code)$/.test(name)) return language ?? 'en';
  if (/^(id|key|sku)$/.test(name)) return `simulated-${imageIndex + 1}`;
  // The simulator reads no text in pictures but that of the samples, and says nothing rather than something false.
  if (/^(text|ocr|transcript|transcription)$/.test(name)) return image?.example?.lines.join('\n') ?? '';
  if (image === undefined) return `${SIMULATED}: the request holds no image. ${subject.mark}`;
  const isAlt = /alt/.test(name);
  const isCaption = /caption|title|headline/.test(name);
  const speech = speechFor(language);
  const words = wordsOf(image, language);
  if (isAlt) return words === undefined ? spokenAltText(image, speech) : exampleMark('description', speech) + words.altText + speech.note;
  if (isCaption) return words === undefined ? spokenCaption(image, speech) : exampleMark('caption', speech) + words.caption + speech.note;
  if (/colou?r/.test(name)) return image.look?.colours[0] ?? 'unseen';
  if (/label|name|category|kind|type/.test(name)) return labelOf(place) ?? `simulated ${subjectColour(image)} area`;
  if (words !== undefined) return `${exampleMark('description', speech)}${words.description} ${subject.mark}${speech.note}`;
  return `${speech.code === 'en' ? fullDescription(image) : spokenDescription(image, speech)} ${subject.mark}${speech.note}`;
}

/** The strings for a list property: colours, the lines of a sample's text, tags for everything else. */
export function listStrings(name: string, { subject, imageIndex, language }: Place): string[] {
  const image = subject.images[imageIndex];
  if (image === undefined) return ['simulated'];
  if (/colou?r/.test(name)) return [...(image.look?.colours ?? ['unseen'])];
  if (/^(text|texts|lines|words)$/.test(name)) return [...(image.example?.lines ?? [])];
  const words = wordsOf(image, language);
  return words === undefined ? tags(image) : ['simulated', ...words.tags];
}

/** What people wrote about a sample in this language, where they did. */
function wordsOf(image: SeenImage, language: string | undefined): ExampleWords | undefined {
  return image.example?.words[speechFor(language).code as ExampleLanguage];
}

function labelOf({ object, language }: Place): string | undefined {
  return object?.label[speechFor(language).code as ExampleLanguage] ?? object?.label.en;
}

/**
 * The number for a property. Coordinates are those of the subject's box in pixels of the picture as the model sees
 * it, which is how the real model answers; names that say nothing get 1.
 */
export function numberFor(name: string, place: Place): number {
  const { imageIndex } = place;
  const [left, top, right, bottom] = boxNumbers(place);
  if (/^(x|x1|x0|left|x_min|xmin)$/.test(name)) return left;
  if (/^(y|y1|y0|top|y_min|ymin)$/.test(name)) return top;
  if (/^(x2|right|x_max|xmax)$/.test(name)) return right;
  if (/^(y2|bottom|y_max|ymax)$/.test(name)) return bottom;
  if (/^(w|width)$/.test(name)) return right - left;
  if (/^(h|height)$/.test(name)) return bottom - top;
  if (/^(image|index|image_index|image_number)$/.test(name)) return imageIndex + 1;
  return 1;
}

/** left, top, right, bottom of the object, else the subject, else the whole picture, in whole pixels of the resized picture. */
export function boxNumbers({ subject, imageIndex, object }: Place): [number, number, number, number] {
  const image = subject.images[imageIndex];
  if (image === undefined) return [0, 0, 1, 1];
  const { facts } = image;
  const whole: Box = { left: 0, top: 0, right: facts.width, bottom: facts.height };
  const box = object === undefined ? (image.look?.subject?.box ?? whole) : boxOf(object, facts);
  const scaleX = facts.resized.width / facts.width;
  const scaleY = facts.resized.height / facts.height;
  return [Math.round(box.left * scaleX), Math.round(box.top * scaleY), Math.round(box.right * scaleX), Math.round(box.bottom * scaleY)];
}

function boxOf({ box: [left, top, right, bottom] }: ExampleObject, { width, height }: SeenImage['facts']): Box {
  return { left: left * width, top: top * height, right: right * width, bottom: bottom * height };
}

function subjectColour(image: SeenImage): string {
  return image.look?.subject?.colour ?? image.look?.colours[0] ?? 'unseen';
}

/** The formats that structured output supports. */
function formattedString(format: unknown): string | undefined {
  switch (format) {
    case 'date-time':
      return '2026-01-01T00:00:00Z';
    case 'date':
      return '2026-01-01';
    case 'time':
      return '00:00:00Z';
    case 'duration':
      return 'PT1S';
    case 'email':
      return 'simulated@example.com';
    case 'hostname':
      return 'example.com';
    case 'uri':
      return 'https://example.com/simulated';
    case 'ipv4':
      return '192.0.2.1';
    case 'ipv6':
      return '2001:db8::1';
    case 'uuid':
      return '00000000-0000-4000-8000-000000000000';
    default:
      return undefined;
  }
}
