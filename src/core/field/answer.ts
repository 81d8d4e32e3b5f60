/** The reply to the caller's own question where fields are asked for as well. It comes with `prompt` and is not asked for by name. */
import { textField } from './text.ts';

export const ANSWER = textField({
  summary: 'The reply to `prompt` in this language.',
  brief: () => 'the answer to the question above.',
  remark: undefined,
  detail: 'standard',
  outputTokens: 0,
  example: 'Two boats.',
});
