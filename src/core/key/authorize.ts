/** What a valid key may do: the scope of a route, the models of a request. */
import { Fault } from '../fault.ts';
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

/** Whether a model that answered is one that the key may ask: prefixes and dates do not matter, since the API adds them. */
export function allowsServed({ models }: Caller, served: string): boolean {
  return models === undefined || models.some((model) => isSameModel(model, served));
}

/** @throws forbidden, naming the models that are allowed */
export function requireModel(caller: Caller, model: string): void {
  if (allowsModel(caller, model)) return;
  throw new Fault('forbidden', `This key may not use the model "${model.slice(0, 100)}"; it may use ${caller.models?.join(', ')}.`, { param: 'model' });
}
