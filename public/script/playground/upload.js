/**
 * How the API is told about an image: its bytes go up once, and every request after that names them by their hash. A key
 * that keeps no images gets the bytes each time.
 */
import { ask, ProblemError, storeImage } from './api.js';

/** What this page has stored, as `key image_id`: a file that is chosen twice goes up once. */
const storedHere = new Set();

/** Keys that may not store images, found out by asking; for this page's lifetime. */
const keysWithoutStore = new Set();

/** Whether images have to go up with every request of this key. */
export function sendsBytes(key) {
  return keysWithoutStore.has(key);
}

/**
 * `ask` about a picture of the form. It is stored first where that has not happened, and again where it was deleted since.
 * @throws ProblemError; AbortError when `signal` says so, also while it is on its way up
 */
export async function askAbout(path, picture, chosen, key, signal) {
  // Said by name: a browser's tools send `Cache-Control` by themselves, and that must not decide what a call costs.
  const settings = { ...chosen, cache: chosen.cache ?? 'default' };
  try {
    return await ask(path, await untilAborted(referenceTo(picture, key), signal), settings, key, signal);
  } catch (error) {
    const isGone = error instanceof ProblemError && error.problem.code === 'not_found' && String(error.problem.param).endsWith('image_id');
    if (!isGone) throw error;
    picture.stored.delete(key);
    storedHere.clear();
    return ask(path, await untilAborted(referenceTo(picture, key), signal), settings, key, signal);
  }
}

/** The id under which a picture is stored for this key; `undefined` where the key keeps none. @throws ProblemError */
export async function storedId(picture, key) {
  return (await referenceTo(picture, key)).image_id;
}

/** `{image_id}`, or the source itself for a key that keeps no images. One upload for all who ask at once. */
function referenceTo(picture, key) {
  if (sendsBytes(key)) return picture.source;
  const known = picture.stored.get(key);
  if (known !== undefined) return known;
  const storing = store(picture, key);
  picture.stored.set(key, storing);
  // What failed is tried again with the next request.
  storing.catch(() => picture.stored.delete(key));
  return storing;
}

async function store(picture, key) {
  try {
    const own = await hashOf(picture.source.file);
    if (own !== undefined && storedHere.has(`${key} ${own}`)) return { image_id: own };
    const { image_id } = await storeImage(picture.source, key, picture.removed.signal);
    storedHere.add(`${key} ${image_id}`);
    return { image_id };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'forbidden') throw error;
    keysWithoutStore.add(key);
    return picture.source;
  }
}

/** The id that a file will have. `undefined`: it is an address, or this page is not secure, where browsers compute no hashes. */
async function hashOf(file) {
  if (file === undefined || crypto.subtle === undefined) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return `sha256:${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The same promise, given up as soon as `signal` is aborted. The work behind it goes on. */
function untilAborted(promise, signal) {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    Promise.resolve(promise).then(resolve, reject);
  });
}
