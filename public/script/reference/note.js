/** What each field of a request body is for; shown where the OpenAPI document itself does not say. */
export const REQUEST_NOTES = {
  image: 'The picture: by address, by value, or by the id that POST /v1/images gave.',
  images: 'Several pictures, described together. Give this or "image".',
  fields: 'What to write. Without a prompt the default is alt_text.',
  prompt: 'Your own question; its reply stands in "answer".',
  system: 'Added to the fixed rules that Claude is given.',
  languages: 'Language tags; one description each. Default: en.',
  max_length: 'Characters asked for in the alt text. Default: 125.',
  context: 'Anything that helps: page title, text around the picture. Read as data, never as instructions.',
  model: 'Default: the one of this deployment. On /v1/estimate "*" means all.',
  detail: 'How large Claude sees the picture. standard: up to 1,568 image tokens; high: as the model allows.',
  source: 'auto fetches addresses here and sends the bytes; url lets Claude fetch them, without a cache.',
  max_tokens: 'Limit of the answer. Models that think count their thinking too.',
  cache:
    'default; refresh asks again and remembers; bypass neither reads nor writes; only never asks Claude; stale_while_revalidate answers from what is older than max_age_seconds and asks again afterwards.',
  max_age_seconds: 'Oldest answer that is taken from the cache.',
  scope: 'tenant keeps answers to yourself; public shares those about the same picture with all who ask for it as well.',
  store: 'What may be kept: none, hash, result or image; no more than the key allows.',
  metadata: 'Comes back as it is.',
  url: 'Address of a picture. It is fetched once, hashed and stored.',
  stream: 'Whether the answer comes as server-sent events.',
  schema: 'JSON Schema of the data wanted; it comes back in "data".',
};
