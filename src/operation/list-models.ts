/** The models that a key may use. */
import { allowsModel } from '../core/key/authorize.ts';
import { listModels as listAll, type Model } from '../core/vision/model.ts';
import { operation } from './perform.ts';

export interface ModelsResult {
  readonly models: readonly Model[];
  readonly defaultModel: string;
}

export const listModels = operation('listModels', (_request: undefined, { caller, config }): ModelsResult => ({
  models: listAll(config.modelOverrides).filter(({ id }) => allowsModel(caller, id)),
  defaultModel: config.defaultModel,
}));
