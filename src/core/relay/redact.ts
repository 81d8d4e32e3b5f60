/**
 * Errors of the provider without the operator's secrets. The API never names them; a gateway that repeats the request
 * which it refuses would, and its words go on to the caller.
 */

/** A shorter value may be met by chance, and is no key of any provider. */
const SECRET_CHARACTERS_MIN = 8;

/**
 * Keys of Anthropic and of this service, secrets of webhooks, access tokens of Google, signatures of AWS, and what a header
 * calls a credential: of some length, since "a bearer token" may stand in an honest error. None of
 * them reaches beyond a JSON string, and none needs the edge of a word before it, which an escaped line feed is not.
 */
const SHAPES = /(?:sk-ant-|vgn_|whsec_|ya29\.)[\w+/=.-]+|signature=[0-9a-f]{64}|(?:bearer|basic)\s+[\w.~+/=-]{16,}/gi;

const REDACTED = '[redacted]';

/** The text without these secrets, however JSON or an address spells them, and without whatever looks like one. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  const spellings = new Set(secrets.filter(({ length }) => length >= SECRET_CHARACTERS_MIN).flatMap(spellingsOf));
  // The longest first: one may begin with another.
  const ordered = [...spellings].toSorted((one, other) => other.length - one.length);
  return ordered.reduce((rest, spelling) => rest.replaceAll(spelling, REDACTED), text).replace(SHAPES, REDACTED);
}

/** As it is, in a JSON string (RFC 8259 §7, where "/" may be escaped), and percent-encoded (RFC 3986 §2.1). */
function spellingsOf(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inJson.replaceAll('/', '\\/'), encodeURIComponent(secret)];
}
