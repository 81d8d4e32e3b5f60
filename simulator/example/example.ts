/**
 * What the simulator says about the ten sample pictures of the playground. It understands nothing, so people wrote these texts: they show what the
 * service's answers are like. Every text says that it is an example.
 */

/** The languages that every example is written in. */
export const EXAMPLE_LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
export type ExampleLanguage = (typeof EXAMPLE_LANGUAGES)[number];

/** What is written in one language. */
export interface ExampleWords {
  /** At most 88 characters, so that it keeps to the usual length with its marker. */
  readonly altText: string;
  readonly caption: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** A thing in the picture: its name by language, and left, top, right, bottom as parts of the upright picture, 0 to 1. */
export interface ExampleObject {
  readonly label: Readonly<Record<ExampleLanguage, string>>;
  readonly box: readonly [number, number, number, number];
}

export interface Example {
  /** Of the file in public/samples. */
  readonly sha256: string;
  /** Fingerprint of its upright pixels, by which it is known in another size too. */
  readonly fingerprint: string;
  /** Width divided by height. */
  readonly aspect: number;
  readonly words: Readonly<Record<ExampleLanguage, ExampleWords>>;
  /** Text that can be read in it, line by line. */
  readonly lines: readonly string[];
  readonly objects: readonly ExampleObject[];
}
