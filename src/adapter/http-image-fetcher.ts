/** Fetching images from the web: guarded at every hop, counted and hashed while the bytes come in. */
import { Fault } from '../core/fault.ts';
import { FORMAT_ROWS } from '../core/image/format.ts';
import { checkImageUrl, type UrlPolicy } from '../core/input/image-url.ts';
import type { OriginHeaders, Validators } from '../core/keep/freshness.ts';
import type { FetchedFrom, ImageFetcher } from '../port/fetch.ts';
import { readHashed, sha256 } from './read-hashed.ts';

const REDIRECTS_MAX = 3;
/** From the first request to the last byte. */
const TOTAL_TIMEOUT_MS = 30_000;
/** Longest silence between two chunks. */
const IDLE_TIMEOUT_MS = 10_000;

const REQUEST_HEADERS = {
  accept: `${FORMAT_ROWS.flatMap(([, { mediaType, isTakenByClaude }]) => (isTakenByClaude ? [mediaType] : [])).join(', ')}, image/*;q=0.5`,
  // A compressed answer would make the byte cap count something else than what is read.
  'accept-encoding': 'identity',
  'user-agent': 'Vignette/0.1 (image description service)',
};

export function httpImageFetcher(policy: UrlPolicy, fetcher: typeof fetch): ImageFetcher {
  return {
    async fetchImage(text, { bytesMax, param, signal, account, validators }) {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(TOTAL_TIMEOUT_MS)]);
      const { response, isConditional, ...told } = await follow(text, policy, fetcher, param, deadline, validators);
      if (response.status === 304 && isConditional) return { kind: 'not-modified', ...told };
      try {
        checkResponse(response, bytesMax, param);
      } catch (error) {
        // A body that nobody reads keeps its connection, and a Worker may have six at once.
        await response.body?.cancel();
        throw error;
      }
      if (response.body === null) throw unfetchable('The server sent no body. Check the address.', param);
      try {
        const file = await readHashed(response.body, {
          bytesMax,
          idleTimeoutMs: IDLE_TIMEOUT_MS,
          declaredBytes: declaredLength(response),
          signal: deadline,
          account,
          fault: (reason) => readFault(reason, bytesMax, param),
        });
        return { kind: 'image', ...file, ...told };
      } catch (cause) {
        if (cause instanceof Fault) throw cause;
        throw unfetchable(
          `The download broke off (${reasonOf(cause)}). Check that the server answers fully within ${TOTAL_TIMEOUT_MS / 1000} s.`,
          param,
          cause,
        );
      }
    },
  };
}

interface Arrival extends FetchedFrom {
  readonly response: Response;
  /** Whether the last request carried validators. */
  readonly isConditional: boolean;
}

/**
 * Each hop is parsed and judged like the first; nothing of the caller's request is ever sent along. Validators go only to the
 * address that gave them: a redirect that leads elsewhere by now may find the same words there for another picture.
 */
async function follow(
  text: string,
  policy: UrlPolicy,
  fetcher: typeof fetch,
  param: string,
  signal: AbortSignal,
  validators: Validators | undefined,
): Promise<Arrival> {
  let url = checkImageUrl(text, policy, param);
  const hops: OriginHeaders[] = [];
  for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
    const from = await sha256(url.href);
    const isConditional = validators?.from === from;
    const response = await request(url, fetcher, param, signal, isConditional ? conditions(validators) : {});
    hops.push(originHeaders(response.headers));
    const location = response.status >= 301 && response.status <= 308 && response.status !== 304 ? response.headers.get('location') : null;
    if (location === null) return { response, isConditional, hops, from };
    await response.body?.cancel();
    if (!URL.canParse(location, url.href)) throw unfetchable('The server redirects to something that is not a URL. Give the final address.', param);
    const next = checkImageUrl(new URL(location, url.href).href, policy, param);
    if (url.protocol === 'https:' && next.protocol === 'http:')
      throw new Fault('url_forbidden', 'The server redirects from https to http. Give the final https address.', { param });
    url = next;
  }
  throw unfetchable(`The address redirects more than ${REDIRECTS_MAX} times. Give the final address.`, param);
}

/** RFC 9110 §13.1: a server that knows entity tags ignores the date beside one. */
function conditions({ etag, lastModified }: Validators): Record<string, string> {
  return { ...(etag === undefined ? {} : { 'if-none-match': etag }), ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }) };
}

function originHeaders(headers: Headers): OriginHeaders {
  const text = (name: string) => headers.get(name) ?? undefined;
  const dateMs = (name: string) => {
    const ms = Date.parse(text(name) ?? '');
    return Number.isNaN(ms) ? undefined : ms;
  };
  const age = text('age');
  return {
    cacheControl: text('cache-control'),
    vary: text('vary'),
    etag: text('etag'),
    lastModified: text('last-modified'),
    lastModifiedMs: dateMs('last-modified'),
    dateMs: dateMs('date'),
    expiresMs: text('expires') === undefined ? undefined : (dateMs('expires') ?? 0),
    ageSeconds: age !== undefined && /^\d{1,10}$/.test(age) ? Number(age) : undefined,
  };
}

async function request(url: URL, fetcher: typeof fetch, param: string, signal: AbortSignal, conditional: Record<string, string>): Promise<Response> {
  try {
    return await fetcher(url.href, { redirect: 'manual', headers: { ...REQUEST_HEADERS, ...conditional }, signal });
  } catch (cause) {
    throw unfetchable(`The server could not be reached (${reasonOf(cause)}). Check the address and that the server is public.`, param, cause);
  }
}

function checkResponse(response: Response, bytesMax: number, param: string): void {
  if (response.status !== 200) {
    const isPassing = response.status === 429 || response.status >= 500;
    throw new Fault('image_unfetchable', `The server answered ${response.status}. Check that the address opens without a login.`, {
      param,
      retryable: isPassing,
    });
  }
  const encoding = response.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity')
    throw unfetchable(`The server compressed the image (${encoding.slice(0, 40)}) although it was asked not to. Switch that off for images.`, param);
  const declared = declaredLength(response);
  if (declared !== undefined && declared > bytesMax)
    throw new Fault('image_too_large', `The server announces ${declared} bytes; ${bytesMax} are left for this image. Use a smaller one.`, { param });
}

function readFault(reason: 'too-large' | 'silent' | 'short', bytesMax: number, param: string): Fault {
  switch (reason) {
    case 'too-large':
      return new Fault('image_too_large', `The image has more than ${bytesMax} bytes, which is what is left for it in this request. Use a smaller one.`, {
        param,
      });
    case 'silent':
      return unfetchable(`The server was silent for ${IDLE_TIMEOUT_MS / 1000} s in the middle of the image. Try again, or upload it.`, param);
    case 'short':
      return unfetchable('The server sent fewer bytes than it announced. Try again, or upload the image.', param);
  }
}

function declaredLength(response: Response): number | undefined {
  const text = response.headers.get('content-length');
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function unfetchable(detail: string, param: string, cause?: unknown): Fault {
  return new Fault('image_unfetchable', detail, { param, ...(cause === undefined ? {} : { cause }) });
}

/** A word on a network error that holds nothing of the other side's. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) return 'time ran out';
  return 'connection failed';
}
