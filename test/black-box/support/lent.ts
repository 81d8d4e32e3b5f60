import { inject } from 'vitest';
import type { Lent } from './broker.ts';

/**
 * The running service of this worker, for one file: with a key that no other file has, and a simulator in which nothing has happened. For `beforeAll`;
 * nobody has to stop it. What needs variables of its own starts its own service.
 */
export async function lendService(): Promise<Lent> {
  const response = await fetch(`${inject('brokerUrl')}/${process.env['VITEST_POOL_ID']}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Lent;
}
