/** The small test images of `test/fixture/`, inside the bundle, since workerd reads no files. */
const files = import.meta.glob('../fixture/*.{jpg,png,gif,webp,bmp}', { query: '?inline', import: 'default', eager: true }) as Record<string, string>;

/** Bytes of a fixture, e.g. `fixture('png-rgb8.png')`. */
export function fixture(name: string): Uint8Array<ArrayBuffer> {
  const uri = files[`../fixture/${name}`];
  if (uri === undefined) throw new Error(`there is no fixture ${name}`);
  return new Uint8Array(Uint8Array.fromBase64(uri.slice(uri.indexOf(',') + 1)));
}

/** Names of all fixtures, in order. */
export const FIXTURES: readonly string[] = Object.keys(files)
  .map((path) => path.slice('../fixture/'.length))
  .sort();
