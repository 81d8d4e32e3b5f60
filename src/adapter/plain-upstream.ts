/** The Messages API over plain HTTP: what the caller sent goes to Anthropic or to whatever stands at the base URL. */
import { Fault } from '../core/fault.ts';
import { BASE64_CHARACTERS_MAX, MESSAGE_BODY_BYTES_MAX } from '../core/vision/limit.ts';
import type { MessagesUpstream } from '../port.ts';

const PUBLIC_API = 'https://api.anthropic.com';

export function plainUpstream({
  apiKey,
  baseUrl,
  fetch,
}: {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
  readonly fetch: typeof globalThis.fetch;
}): MessagesUpstream {
  const base = (baseUrl ?? PUBLIC_API).replace(/\/+$/, '');
  return {
    limits: {
      sources: ['base64', 'url', 'file'],
      base64CharactersMax: BASE64_CHARACTERS_MAX,
      bodyBytesMax: MESSAGE_BODY_BYTES_MAX,
      supportsOversizedGuard: true,
    },
    async send({ path, headers: passed, body, credential, signal }) {
      const headers = new Headers(passed);
      const { kind, value } = credential ?? { kind: 'x-api-key', value: apiKey };
      if (kind === 'bearer') headers.set('authorization', `Bearer ${value}`);
      else headers.set('x-api-key', value);
      try {
        return await fetch(`${base}/v1/${path}`, { method: 'POST', headers, body, signal });
      } catch (cause) {
        throw new Fault('upstream_error', 'The Claude API could not be reached. Try again; see ANTHROPIC_BASE_URL if it persists.', { cause });
      }
    },
  };
}
