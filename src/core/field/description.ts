/** A paragraph on what the image shows. */
import { textField } from './text.ts';

export const DESCRIPTION = textField({
  summary: 'Two to five sentences on the subject, the setting, the arrangement and any readable text.',
  brief: () => 'two to five sentences on the subject, the setting, the arrangement and any readable text.',
  remark: undefined,
  detail: 'standard',
  outputTokens: 0,
  example: 'A red fishing boat lies on the sand at low tide. Behind it a white lighthouse stands on a low cliff under a clear sky.',
});
