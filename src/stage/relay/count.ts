/**
 * Token counting: the API counts embedded images only, so every image that would have to be changed first, fetched or
 * looked up is stood in for by a picture of one token, and its exact tokens are added to the API's sum. Nothing is
 * transcoded for it.
 */
import type { Edit } from '../../core/json/splice.ts';
import { splicedBytes } from '../../core/json/splice.ts';
import { Fault } from '../../core/fault.ts';
import { planSummary, type ImageFate } from '../../core/relay/plan.ts';
import type { Context } from '../session/context.ts';
import { callUpstream } from './call.ts';
import { collectFaults } from './fault.ts';
import type { IdentifiedImage } from './identify.ts';
import type { RelayResult, ScannedRequest } from './request.ts';

/** 28x28 px of grey in a PNG: one patch, one token. */
const STAND_IN = 'iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAFElEQVR42mNowAMYRiVHJUclYQAA14+IELSdtnwAAAAASUVORK5CYII=';
const STAND_IN_TOKENS = 1;
const STAND_IN_SOURCE = `{"type":"base64","media_type":"image/png","data":"${STAND_IN}"}`;

/** @throws invalid_request naming each image whose size nobody here knows; what the call throws */
export async function countTokens(request: ScannedRequest, images: readonly IdentifiedImage[], context: Context): Promise<RelayResult> {
  const counted = await collectFaults(images, async (image) => count(image));
  const edits = counted.flatMap(({ edit }) => (edit === undefined ? [] : [edit]));
  const bodyBytes = splicedBytes(request.body, edits);
  const answer = await context.stopwatch.time('model', callUpstream(request, { images: [], edits, bodyBytes }, false, context));
  const added = counted.reduce((sum, { addedTokens }) => sum + addedTokens, 0);
  const plan = planSummary(
    counted.map(({ fate }) => fate),
    { received: request.body.length, sent: bodyBytes },
  );
  return { ...answer, body: withTokens(answer.body, answer.status, added), plan, cache: { status: 'bypass', ageSeconds: 0 } };
}

interface Counted {
  readonly edit: Edit | undefined;
  readonly addedTokens: number;
  readonly fate: ImageFate;
}

function count(image: IdentifiedImage): Counted {
  const imageTokens = image.kind === 'known' ? image.plan.imageTokens : image.imageTokens;
  if (imageTokens === undefined)
    throw new Fault(
      'invalid_request',
      'The size of this image is not known here, so its tokens cannot be counted. It is a file of your own; send the image itself.',
    );
  const fate: ImageFate = { transform: 'none', via: 'base64', imageTokens };
  const isEmbedded = image.kind === 'known' && image.plan.kind === 'pass-through' && image.standing?.isCanonical === true && image.standing.isTyped;
  if (isEmbedded) return { edit: undefined, addedTokens: 0, fate };
  return { edit: { span: image.block.source.value, pieces: [STAND_IN_SOURCE] }, addedTokens: imageTokens - STAND_IN_TOKENS, fate };
}

/** The API's answer with its sum raised; anything else stays as it is. */
function withTokens(body: RelayResult['body'], status: number, added: number): RelayResult['body'] {
  if (status !== 200 || added === 0 || !(body instanceof Uint8Array)) return body;
  const answer: unknown = JSON.parse(new TextDecoder().decode(body));
  if (typeof answer !== 'object' || answer === null || !('input_tokens' in answer) || typeof answer.input_tokens !== 'number') return body;
  return JSON.stringify({ ...answer, input_tokens: answer.input_tokens + added });
}
