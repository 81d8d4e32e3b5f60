/** A sentence for readers who see the image. */
import { textField } from './text.ts';

export const CAPTION = textField({
  summary: 'One sentence to stand under the image, for readers who see it.',
  brief: () => 'one sentence to stand under the image, for readers who see it.',
  remark: undefined,
  detail: 'standard',
  outputTokens: 0,
  example: 'At low tide the boats of the harbour wait on the sand.',
});
