/** A form as Anthropic's client sends it to the Files API. */
export function form(bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}, filename = 'picture.jpg', type = 'image/jpeg'): RequestInit {
  const body = new FormData();
  body.set('file', new File([bytes], filename, { type }));
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { method: 'POST', body };
}
