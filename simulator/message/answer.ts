/**
 * From a Messages body to an answer: parse the fields, look at the images, write the content, count and bill. This
 * folder knows the protocol; `image/` knows the pictures and `schema/` fills documents.
 */
import { charge } from '../bill.ts';
import { invalidRequest } from '../error.ts';
import type { Fault } from '../fault.ts';
import { inspectImage, type SeenImage } from '../image/inspect.ts';
import { RECORDED_IMAGES_MAX } from '../limit.ts';
import type { RequestRecord } from '../record.ts';
import { newId, type Simulation } from '../state.ts';
import { compose, type Answer } from './compose.ts';
import type { ModelRequest } from './request.ts';
import { textTokens } from './token.ts';

/** Around one call of the model. */
export interface Call {
  readonly simulation: Simulation;
  readonly record: RequestRecord;
  readonly fault: Fault | undefined;
  readonly isBatch: boolean;
}

/** Looks at every image and answers; bills the call. @throws 400 or 404 for images that break a limit. */
export async function answerRequest(request: ModelRequest, call: Call): Promise<Answer> {
  const images = await inspectImages(request, call);
  const inputTokens = promptTokens(request, images);
  if (inputTokens > request.model.contextTokens) {
    throw invalidRequest(`prompt is too long: ${inputTokens} tokens > ${request.model.contextTokens} maximum`);
  }
  const billedTokens = call.fault?.kind === 'wrong_usage' ? inputTokens + 1_000 : inputTokens;
  const answer = compose(request, images, {
    id: newId('msg'),
    inputTokens: billedTokens,
    serviceTier: call.isBatch ? 'batch' : 'standard',
    fault: call.fault?.kind,
  });
  charge(call.simulation.state.bill, request.model, billedTokens, answer.outputTokens, call.isBatch);
  call.record.usage = { input_tokens: billedTokens, output_tokens: answer.outputTokens };
  call.record.stop_reason = answer.stopReason;
  return answer;
}

/** Checks the number of images, then each one in order; what was seen goes into the record even if a later one fails. */
export async function inspectImages(request: ModelRequest, call: Pick<Call, 'simulation' | 'record'>): Promise<SeenImage[]> {
  const { images } = request.conversation;
  const { model } = request;
  if (images.length > model.imagesMax) {
    throw invalidRequest(`Too much media: 0 document pages + ${images.length} images > ${model.imagesMax}`);
  }
  const seen: SeenImage[] = [];
  for (const image of images) {
    // One after the other: two decoded pictures at once would double the memory.
    const one = await inspectImage(image, images.length, model, call.simulation);
    if (call.record.images.length < RECORDED_IMAGES_MAX) call.record.images.push(one.facts);
    seen.push(one);
  }
  return seen;
}

/** Input tokens of a whole prompt: images by the formula, text by the approximation. */
export function promptTokens(request: ModelRequest, images: readonly SeenImage[]): number {
  const pictures = images.reduce((sum, image) => sum + image.facts.image_tokens, 0);
  return pictures + textTokens(request.billedText);
}
