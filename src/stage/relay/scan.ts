/** The first look at a relayed request: what it asks of which model, and whether it may. */
import { requireImageKeeping } from '../../core/keep/keeping.ts';
import { Fault } from '../../core/fault.ts';
import { requireModel } from '../../core/key/authorize.ts';
import { askedModel } from '../../core/vision/asked-model.ts';
import { checkImageCount } from '../../core/relay/plan.ts';
import { scanMessages } from '../../core/relay/scan.ts';
import { findModel } from '../../core/vision/model.ts';
import type { Context } from '../session/context.ts';
import { requireBounded } from './bounded.ts';
import { requireUnthreaded } from './state.ts';
import type { RelayRequest, ScannedRequest } from './request.ts';

/** @throws invalid_request (not a Messages request, too many images, a way of travel that the provider does not have, a member without a bound under a limit), forbidden (the model; files, for a key that keeps no images) */
export function scanRequest(incoming: RelayRequest, context: Context): ScannedRequest {
  const { caller, config, ports, record } = context;
  const scan = scanMessages(incoming.body);
  record.model = scan.model;
  record.images = scan.images.length;
  requireModel(caller, scan.model);
  const model = findModel(scan.model, config.modelOverrides);
  const { limits } = ports.upstream;
  checkImageCount(scan.images.length, model, limits.imagesMax);
  const { source } = incoming.options;
  if (source !== 'auto' && !limits.sources.includes(source))
    throw new Fault('invalid_request', `x-vignette-source: this deployment's provider takes no ${source} sources. Leave the header out.`, {
      param: 'x-vignette-source',
    });
  if (source === 'file') requireImageKeeping(caller);
  requireUnthreaded(scan);
  const request = { ...incoming, scan, model, asked: askedModel(scan.model, model, config.provider.modelIds) };
  // Counting tokens asks no model, and an estimate says in its warnings what has no bound.
  if (!incoming.isMeasuring) requireBounded(request, context);
  return request;
}
