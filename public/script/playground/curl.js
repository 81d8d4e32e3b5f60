/** The request as a curl line that does the same. */
import { formText } from './api.js';

/** Values that a caller writes freely: curl must take them literally, even where they begin with `@` or `<`. */
const FREE_TEXT = ['prompt', 'context'];

/** The line for a POSIX shell; the key stays a variable, so that the line can be shared. Several files become a loop. */
export function curlLine(origin, { pictures, settings }) {
  const [picture] = pictures;
  const head = [`curl -s ${origin}/v1/describe`, '-H "x-api-key: $VIGNETTE_KEY"'];
  if (picture?.source.url !== undefined) {
    const body = JSON.stringify({ image: picture.source, ...settings });
    return lines([...head, '-H "content-type: application/json"', `-d ${quoted(body)}`], '  ');
  }
  const parts = Object.entries(settings).map(([name, value]) => `${FREE_TEXT.includes(name) ? '--form-string' : '-F'} ${quoted(`${name}=${formText(value)}`)}`);
  if (pictures.length < 2) return lines([...head, `-F ${quoted(`image=@${fileName(picture?.path ?? 'photo.jpg')}`)}`, ...parts], '  ');
  const names = pictures.map(({ path }) => quoted(path)).join(' ');
  return `for image in ${names}; do\n  ${lines([...head, '-F "image=@\\"$image\\""', ...parts], '    ')}\ndone`;
}

function lines(parts, indent) {
  return parts.join(` \\\n${indent}`);
}

/** curl reads `,` and `;` in a file name as syntax unless it stands in double quotes. */
function fileName(path) {
  return /[,;"\\]/.test(path) ? `"${path.replaceAll(/["\\]/g, '\\$&')}"` : path;
}

function quoted(text) {
  return /^[\w@./:=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
