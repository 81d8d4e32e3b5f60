/** A curl line for an operation, from its shape alone. */

/** Those that curl does not choose by itself. */
const OTHER_METHODS = ['put', 'patch', 'delete'];

/** The line for a POSIX shell; what the reader fills in is written in capitals. */
export function exampleLine({ method, path, requestBody, security }, origin) {
  const address = origin + path.replaceAll(/\{(\w+)\}/g, (_, name) => `$${name.toUpperCase()}`);
  const isPublic = Array.isArray(security) && security.length === 0;
  const parts = [
    `curl -s${OTHER_METHODS.includes(method) ? ` -X ${method.toUpperCase()}` : ''} "${address}"`,
    ...(isPublic ? [] : ['-H "x-api-key: $VIGNETTE_KEY"']),
    ...bodyParts(requestBody),
  ];
  return parts.join(' \\\n  ');
}

function bodyParts(requestBody) {
  const types = Object.keys(requestBody?.content ?? {});
  if (types.includes('multipart/form-data')) return ['-F image=@photo.jpg'];
  if (types.includes('image/*')) return ['-H "content-type: image/jpeg" --data-binary @photo.jpg'];
  return types.includes('application/json') ? ['-H "content-type: application/json" -d @request.json'] : [];
}
