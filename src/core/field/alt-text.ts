/** Sources: WAI "Alternative text" tutorial; W3C HTML §4.8.4.4. */
import { textField } from './text.ts';

/** Length asked for when the caller does not say; screen readers pause or split beyond about this. */
const CHARACTERS_DEFAULT = 125;

export const ALT_TEXT = textField({
  summary: 'What a person who cannot see the image needs to know, in one sentence.',
  brief: () =>
    'what a person who cannot see the image needs to know, in one plain sentence. Start with the subject; do not begin with "image of" or "photo of"; include short text that is readable and matters.',
  remark: ({ maxLength }) => `Keep alt_text within ${maxLength ?? CHARACTERS_DEFAULT} characters.`,
  detail: 'standard',
  outputTokens: 0,
  example: 'A red fishing boat lies on the sand below a white lighthouse.',
});
