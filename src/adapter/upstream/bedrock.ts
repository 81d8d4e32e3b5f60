/** Claude on Amazon Bedrock, through Anthropic's package: its address, its signature, and its streams turned into server-sent events. */
import { getAuthHeaders } from '@anthropic-ai/bedrock-sdk/core/auth';
import { eventStreamToSSEResponse } from '@anthropic-ai/bedrock-sdk/core/streaming';
import { Fault } from '../../core/fault.ts';
import { editMembers, membersOf } from '../../core/json/member.ts';
import type { UpstreamLimits } from '../../port/upstream.ts';
import type { BedrockConfig } from '../../provider-config.ts';
import { bodyBytesOf, bodyOf, cloudVersion, providerModel } from './body.ts';
import { inAnthropicEnvelope } from './cloud-error.ts';
import type { Provider } from './provider.ts';
import { transport } from './transport.ts';

/** "Vision" and "Claude on Amazon Bedrock", 2026-08: 5 MB of base64 text an image, 20 MB a body, no url or file sources. */
const LIMITS: UpstreamLimits = {
  sources: ['base64'],
  base64CharactersMax: 5 * 1024 * 1024,
  bodyBytesMax: 20 * 1024 * 1024,
  supportsOversizedGuard: false,
};

/** What version 2023-06-01 is called there. */
const VERSION_2023 = 'bedrock-2023-05-31';

/** Frames of Bedrock's streams (AWS event stream encoding). */
const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** Opens Bedrock in a region. */
export function bedrockProvider(config: BedrockConfig, fetch: typeof globalThis.fetch): Provider {
  const { credentials, region } = config;
  const base = (config.baseUrl ?? `https://bedrock-runtime.${region}.amazonaws.com`).replace(/\/+$/, '');
  return {
    upstream: {
      limits: LIMITS,
      async send(call) {
        if (call.path !== 'messages') throw notCounted();
        const url = `${base}/model/${encodeURIComponent(providerModel(call.model, config.modelIds))}/${call.isStream ? 'invoke-with-response-stream' : 'invoke'}`;
        const body = await bodyBytesOf(call);
        const { headers, set } = moveHeaders(call.headers, body);
        const parts = editMembers(body, { remove: ['model', 'stream'], set });
        if (credentials.kind === 'api-key') headers.set('authorization', `Bearer ${credentials.apiKey}`);
        else await sign(url, headers, parts, credentials, region);
        const left = new AbortController();
        const signal = AbortSignal.any([call.signal, left.signal]);
        const response = await transport({ url, method: 'POST', headers, ...bodyOf(parts), signal }, fetch);
        const answer = await inAnthropicEnvelope(response, 'x-amzn-requestid');
        return answer.headers.get('content-type')?.includes(EVENT_STREAM) === true ? cancellable(eventStreamToSSEResponse(answer), left) : answer;
      },
    },
  };
}

/**
 * The package's stream hears of a reader who has left only with the next event; the request is aborted at once, so that no
 * more is generated for nobody.
 */
function cancellable({ status, headers, body }: Response, left: AbortController): Response {
  const reader = body?.getReader();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const read = await reader?.read();
      if (read?.value === undefined) controller.close();
      else controller.enqueue(read.value);
    },
    cancel: () => left.abort(),
  });
  return new Response(stream, { status, headers });
}

/** Version and betas stand in headers on the direct API, and in the body on Bedrock, where a body's own are left alone. */
function moveHeaders(passed: Headers, body: Uint8Array): { readonly headers: Headers; readonly set: Readonly<Record<string, unknown>> } {
  const headers = new Headers(passed);
  const betas = headers.get('anthropic-beta');
  headers.delete('anthropic-version');
  headers.delete('anthropic-beta');
  const moved = {
    anthropic_version: cloudVersion(passed, VERSION_2023),
    ...(betas === null ? {} : { anthropic_beta: betas.split(',').map((beta) => beta.trim()) }),
  };
  const own = new Set(membersOf(body).map(({ name }) => name));
  return { headers, set: Object.fromEntries(Object.entries(moved).filter(([name]) => !own.has(name))) };
}

type AccessKey = BedrockConfig['credentials'] & { readonly kind: 'access-key' };

/**
 * Signs a request (AWS Signature Version 4). The hash of the body goes in as a header: the signer takes it as it is, and
 * need not have the body in one piece, nor hash it in JavaScript. Only what a proxy never changes is signed.
 */
async function sign(url: string, headers: Headers, parts: readonly Uint8Array[], key: AccessKey, regionName: string): Promise<void> {
  const toSign = { 'content-type': headers.get('content-type') ?? 'application/json', 'x-amz-content-sha256': await sha256(parts) };
  const { host: _, ...signed } = await getAuthHeaders(
    { method: 'POST', headers: toSign },
    { url, regionName, awsAccessKey: key.accessKeyId, awsSecretKey: key.secretAccessKey, awsSessionToken: key.sessionToken },
  );
  for (const [name, value] of Object.entries(signed)) headers.set(name, value);
}

async function sha256(parts: readonly Uint8Array[]): Promise<string> {
  const stream = new crypto.DigestStream('SHA-256');
  const writer = stream.getWriter();
  for (const part of parts) await writer.write(part);
  await writer.close();
  return new Uint8Array(await stream.digest).toHex();
}

function notCounted(): Fault {
  return new Fault('not_found', 'Amazon Bedrock counts no tokens through this interface. POST /v1/estimate gives exact image tokens.');
}
