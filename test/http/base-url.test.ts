import { expect, it } from 'vitest';
import { startService } from '../support/service.ts';

it('a base URL that has /v1 already is named as the fault', async () => {
  const response = await startService().send('/v1/v1/messages', { method: 'POST' });
  expect(response.status).toBe(404);
  expect(((await response.json()) as any).detail).toContain('Leave "/v1" out of the base URL');
});
