/** Examples of an operation: those of the document, and a curl line made from its shape. */
import { resolve } from './schema.js';

/** Those that curl does not choose by itself. */
const OTHER_METHODS = ['put', 'patch', 'delete'];

/** The line for a POSIX shell; what the reader fills in is written in capitals. */
export function exampleLine({ method, path, requestBody, security }, specification) {
  const address = specification.servers[0].url + path.replaceAll(/\{(\w+)\}/g, (_, name) => `$${name.toUpperCase()}`);
  const isPublic = Array.isArray(security) && security.length === 0;
  const parts = [
    `curl -s${OTHER_METHODS.includes(method) ? ` -X ${method.toUpperCase()}` : ''} "${address}"`,
    ...(isPublic ? [] : ['-H "x-api-key: $VIGNETTE_KEY"']),
    ...bodyParts(requestBody, specification),
  ];
  return parts.join(' \\\n  ');
}

/** The first example of a content type, its own or its schema's. */
export function exampleOf(content, specification) {
  const [named] = Object.values(content?.examples ?? {});
  const schema = resolve(content?.schema, specification);
  return content?.example ?? named?.value ?? schema?.examples?.[0] ?? schema?.example;
}

function bodyParts(requestBody, specification) {
  const types = Object.keys(requestBody?.content ?? {});
  if (types.includes('multipart/form-data')) return ['-F image=@photo.jpg'];
  if (types.includes('image/*')) return ['-H "content-type: image/jpeg" --data-binary @photo.jpg'];
  if (!types.includes('application/json')) return [];
  const example = exampleOf(requestBody.content['application/json'], specification);
  const data = example === undefined ? '@request.json' : `'${JSON.stringify(example).replaceAll("'", String.raw`'\''`)}'`;
  return [`-H "content-type: application/json" -d ${data}`];
}
