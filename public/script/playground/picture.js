/** The images that were chosen in the form. */

let made = 0;

/**
 * An image of the form. `source` is `{file, name}` or `{url}`; `path` how a shell names it; `preview` an object URL, where the
 * browser has the bytes; `stored` the ids under which each key has it; `removed` stops what is under way for it.
 */
export function pictureOfFile(file, path = file.name) {
  return { ...common(), source: { file, name: file.name }, name: file.name, path, bytes: file.size, preview: URL.createObjectURL(file) };
}

/** The same for an address, which the Worker fetches. */
export function pictureOfUrl(url) {
  return { ...common(), source: { url }, name: url, path: undefined, bytes: undefined, preview: undefined };
}

/** Ends what is under way for a picture and frees its preview: it is neither in the form nor among the results any more. */
export function release(picture) {
  picture.removed.abort(new DOMException('The image was removed.', 'AbortError'));
  if (picture.preview !== undefined) URL.revokeObjectURL(picture.preview);
}

function common() {
  made += 1;
  return { id: `picture-${made}`, stored: new Map(), removed: new AbortController() };
}
