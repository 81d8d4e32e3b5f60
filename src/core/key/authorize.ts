/** What a valid key may do: the scope of a route, the models of a request. */
import { Fault } from '../fault.ts';
import { type AskedModel, isAsked } from '../vision/asked-model.ts';
import { isSameModel } from '../vision/model.ts';
import type { Caller, Scope } from './caller.ts';

/** @throws forbidden, naming the scope that is missing */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.includes(scope)) return;
  throw new Fault('forbidden', `This key has no scope "${scope}"; it has ${caller.scopes.join(', ')}. Use a key that has it.`, { param: 'authorization' });
}

/** Whether a key may ask this model, by the id as the caller writes it. */
export function allowsModel({ models }: Caller, model: string): boolean {
  return models === undefined || models.includes(model);
}

/** @throws forbidden, billed: a model answered that the key may not ask. Prefixes and dates do not matter, since the API adds them */
export function requireServed({ models }: Caller, served: readonly string[], asked: Pick<AskedModel, 'ids'>): void {
  const other = models === undefined ? undefined : served.find((id) => !isAsked(id, asked) && !models.some((model) => isSameModel(model, id)));
  if (other === undefined) return;
  throw new Fault(
    'forbidden',
    `"${other.slice(0, 100)}" answered, and this key may use only ${models?.join(', ')}. The call was billed; its answer is not given out.`,
    { param: 'model', billed: true, retryable: false },
  );
}

/** @throws forbidden, naming the models that are allowed */
export function requireModel(caller: Caller, model: string): void {
  if (allowsModel(caller, model)) return;
  throw new Fault('forbidden', `This key may not use the model "${model.slice(0, 100)}"; it may use ${caller.models?.join(', ')}.`, { param: 'model' });
}
