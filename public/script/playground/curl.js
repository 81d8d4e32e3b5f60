/** The request as a curl line that does the same. */
import { formText } from './api.js';

/** Values that a caller writes freely: curl must take them literally, even where they begin with `@` or `<`. */
const FREE_TEXT = ['prompt', 'context'];

/** The line for a POSIX shell; the key stays a variable, so that the line can be shared. */
export function curlLine(origin, { picture, settings }) {
  const head = `curl -s ${origin}/v1/describe \\\n  -H "x-api-key: $VIGNETTE_KEY"`;
  if (picture?.kind === 'url') {
    const body = JSON.stringify({ image: { url: picture.url }, ...settings });
    return [head, '-H "content-type: application/json"', `-d ${quoted(body)}`].join(' \\\n  ');
  }
  const parts = Object.entries(settings).map(([name, value]) => `${FREE_TEXT.includes(name) ? '--form-string' : '-F'} ${quoted(`${name}=${formText(value)}`)}`);
  return [head, `-F ${quoted(`image=@${fileName(picture?.path ?? 'photo.jpg')}`)}`, ...parts].join(' \\\n  ');
}

/** curl reads `,` and `;` in a file name as syntax unless it stands in double quotes. */
function fileName(path) {
  return /[,;"\\]/.test(path) ? `"${path.replaceAll(/["\\]/g, '\\$&')}"` : path;
}

function quoted(text) {
  return /^[\w@./:=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
