/** The model that a request asks for, and the names under which it may answer. */
import { isSameModel, type Model } from './model.ts';

export interface AskedModel {
  readonly model: Model;
  /** As the caller writes it, and as the provider is asked for it. */
  readonly ids: readonly string[];
}

/** `modelIds`: what the provider calls a model, by the caller's name for it. */
export function askedModel(id: string, model: Model, modelIds: Readonly<Record<string, string>>): AskedModel {
  const mapped = Object.hasOwn(modelIds, id) ? modelIds[id] : undefined;
  return { model, ids: [id, ...(mapped === undefined ? [] : [mapped])] };
}

/** Whether the model that says it answered is the one that was asked; prefixes and dates do not matter. */
export function isAsked(served: string, { ids }: Pick<AskedModel, 'ids'>): boolean {
  return ids.some((id) => isSameModel(id, served));
}
