import { readUpTo } from '../body.ts';
import { invalidRequest } from '../error.ts';
import { DOWNLOAD_REDIRECTS_MAX, DOWNLOAD_TIMEOUT_MS, IMAGE_BYTES_MAX, ROBOTS_BYTES_MAX } from '../limit.ts';
import { robotsAllow, USER_AGENT_TOKEN } from './robots.ts';

const UNREACHABLE = 'Unable to download the file. Please verify the URL and try again.';
const DISALLOWED = "This URL is disallowed by the website's robots.txt file.";

type Fetch = (request: Request) => Promise<Response>;

/**
 * Downloads the image of a url source as the API would: robots.txt first, then the file, redirects followed and each
 * checked again. The simulator runs on a developer's own machine, so private addresses are not refused here.
 *
 * @throws 400 when robots.txt forbids it, when no 200 answer comes, or when it is larger than an image may be.
 */
export async function downloadImage(address: string, fetcher: Fetch): Promise<Uint8Array> {
  let url = parseAddress(address);
  for (let hop = 0; hop <= DOWNLOAD_REDIRECTS_MAX; hop++) {
    await obeyRobots(url, fetcher);
    const response = await request(url, fetcher);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      url = parseAddress(location, url);
      continue;
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw invalidRequest(UNREACHABLE);
    }
    return readImage(response);
  }
  throw invalidRequest(UNREACHABLE);
}

async function readImage(response: Response): Promise<Uint8Array> {
  const bytes = await readBody(response, IMAGE_BYTES_MAX);
  if (bytes === undefined) {
    throw invalidRequest(`image exceeds 10 MB maximum: more than ${IMAGE_BYTES_MAX} bytes of image data`);
  }
  if (bytes.length === 0) throw invalidRequest('image cannot be empty');
  return bytes;
}

function parseAddress(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalidRequest(UNREACHABLE);
  }
  return url;
}

async function obeyRobots(url: URL, fetcher: Fetch): Promise<void> {
  const response = await request(new URL('/robots.txt', url), fetcher);
  // RFC 9309 §2.3.1.3: an unavailable robots.txt forbids nothing.
  if (response.status !== 200) {
    await response.body?.cancel();
    return;
  }
  const bytes = await readBody(response, ROBOTS_BYTES_MAX);
  if (bytes === undefined) return;
  const robots = new TextDecoder().decode(bytes);
  if (!robotsAllow(robots, USER_AGENT_TOKEN, url.pathname + url.search)) throw invalidRequest(DISALLOWED);
}

async function request(url: URL, fetcher: Fetch): Promise<Response> {
  try {
    const init = { redirect: 'manual', signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) } as const;
    return await fetcher(new Request(url, { ...init, headers: { 'user-agent': USER_AGENT_TOKEN } }));
  } catch (cause) {
    throw unreachable(cause);
  }
}

async function readBody(response: Response, bytesMax: number): Promise<Uint8Array | undefined> {
  try {
    return await readUpTo(response.body, bytesMax);
  } catch (cause) {
    throw unreachable(cause);
  }
}

function unreachable(cause: unknown): Error {
  const error = invalidRequest(UNREACHABLE);
  error.cause = cause;
  return error;
}
