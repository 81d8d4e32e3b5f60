/**
 * Pictures in Claude's Files API, remembered in KV by tenant and hash. KV may forget, and two uploads of one picture at
 * once know nothing of each other: at worst a picture is there twice, until both copies expire.
 */
import * as z from 'zod';
import { Fault } from '../core/fault.ts';
import type { ClaudeFile, ClaudeFiles } from '../port/file.ts';

/** What is known of a picture's upload: `file:v1:<tenant>:<sha256 of the bytes>`, with the file's lifetime. */
const FILE_PREFIX = 'file:v1:';
/** Whose file it is and what it holds: `file-owner:v1:<tenant>:<file id>`, with the file's lifetime. */
const OWNER_PREFIX = 'file-owner:v1:';
/** Empty; from a picture as it came to what was uploaded of it: `file-from:v1:<tenant>:<its sha256>:<sha256 of the upload>`. */
const FROM_PREFIX = 'file-from:v1:';

/** A file is no longer used when it ends this soon: the request that names it must still find it. */
const MARGIN_MS = 300_000;
/** KV keeps nothing for less. */
const KV_TTL_SECONDS_MIN = 60;
/** Uploads that an isolate remembers itself, since KV may go on missing a new key for a minute. */
const RECENT_MAX = 1_000;

const FILE_ID = /^file_[A-Za-z0-9_-]{1,120}$/;

const uploadSchema = z.object({ id: z.string().regex(FILE_ID), expires_at: z.iso.datetime({ offset: true }).nullish() });
const fileSchema = z.strictObject({ fileId: z.string().regex(FILE_ID), expiresAtMs: z.number() });
const ownerSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mediaType: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
  width: z.int().min(1),
  height: z.int().min(1),
  bytes: z.int().min(1),
  expiresAtMs: z.number(),
});
type KnownFile = z.infer<typeof fileSchema>;

export interface ClaudeFileOptions {
  readonly namespace: KVNamespace;
  /** One request of the Files API, below `/v1/`. */
  readonly request: (method: 'POST' | 'DELETE', path: string, body: FormData | undefined, signal: AbortSignal) => Promise<Response>;
  /** Lifetime of an upload. */
  readonly ttlSeconds: number;
  readonly nowMs: () => number;
  /** Told of a failing KV; the request goes on without it. */
  readonly report: (event: string, error: unknown) => void;
}

/** Opens the Files API over a provider. */
export function claudeFiles({ namespace, request, ttlSeconds, nowMs, report }: ClaudeFileOptions): ClaudeFiles {
  const recent = new Map<string, KnownFile>();
  const isLive = (file: { readonly expiresAtMs: number }) => file.expiresAtMs - MARGIN_MS > nowMs();

  async function read<T extends { readonly expiresAtMs: number }>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const parsed = schema.safeParse(await namespace.get(key, 'json').catch((error: unknown) => report('file_read_failed', error)));
    return parsed.success && isLive(parsed.data) ? parsed.data : undefined;
  }

  async function known(key: string): Promise<KnownFile | undefined> {
    const file = recent.get(key);
    if (file !== undefined && isLive(file)) return file;
    recent.delete(key);
    return read(key, fileSchema);
  }

  function remember(key: string, file: KnownFile): void {
    const [oldest] = recent.keys();
    if (recent.size >= RECENT_MAX && oldest !== undefined) recent.delete(oldest);
    recent.set(key, file);
  }

  return {
    async fileFor(tenant, image, signal) {
      const { sha256, mediaType, width, height, from = sha256 } = image;
      const key = `${FILE_PREFIX}${tenant}:${sha256}`;
      const there = await known(key);
      if (there !== undefined) return there.fileId;
      const seconds = Math.min(ttlSeconds, image.ttlSecondsMax ?? ttlSeconds);
      const file = await upload(image, seconds, signal);
      remember(key, file);
      const owner = { sha256, mediaType, width, height, bytes: image.bytes.length, expiresAtMs: file.expiresAtMs };
      const options = { expirationTtl: Math.max(KV_TTL_SECONDS_MIN, seconds) };
      const written = [
        namespace.put(key, JSON.stringify(file), options),
        namespace.put(`${OWNER_PREFIX}${tenant}:${file.fileId}`, JSON.stringify(owner), options),
        namespace.put(`${FROM_PREFIX}${tenant}:${from}:${sha256}`, '', options),
      ];
      await Promise.all(written).catch((error: unknown) => report('file_write_failed', error));
      return file.fileId;
    },

    async owns(tenant, fileId) {
      if (!FILE_ID.test(fileId)) return undefined;
      const owner = await read(`${OWNER_PREFIX}${tenant}:${fileId}`, ownerSchema);
      return owner === undefined ? undefined : factsOf(owner);
    },

    async forget(tenant, fileId) {
      if (!FILE_ID.test(fileId)) return;
      const ownerKey = `${OWNER_PREFIX}${tenant}:${fileId}`;
      const owner = await read(ownerKey, ownerSchema);
      for (const [key, file] of recent) if (file.fileId === fileId) recent.delete(key);
      await namespace.delete(ownerKey);
      if (owner === undefined) return;
      const key = `${FILE_PREFIX}${tenant}:${owner.sha256}`;
      const file = await read(key, fileSchema);
      if (file?.fileId === fileId) await namespace.delete(key);
    },

    async purge(tenant, sha256, signal) {
      const prefix = `${FROM_PREFIX}${tenant}:${sha256}:`;
      const { keys } = await namespace.list({ prefix });
      const made = new Set([sha256, ...keys.map(({ name }) => name.slice(prefix.length))]);
      let deleted = 0;
      for (const sent of made) {
        const key = `${FILE_PREFIX}${tenant}:${sent}`;
        // Neither a KV that fails nor the last minutes of a file may pass for its absence.
        const file = recent.get(key) ?? fileSchema.safeParse(await namespace.get(key, 'json')).data;
        if (file !== undefined && file.expiresAtMs > nowMs()) {
          // The records stay when this fails, so that it can be tried again.
          await remove(file.fileId, signal);
          deleted += 1;
          recent.delete(key);
          await namespace.delete(`${OWNER_PREFIX}${tenant}:${file.fileId}`);
          await namespace.delete(key);
        }
        await namespace.delete(prefix + sent);
      }
      return deleted;
    },
  };

  async function upload(image: Parameters<ClaudeFiles['fileFor']>[1], seconds: number, signal: AbortSignal): Promise<KnownFile> {
    const form = new FormData();
    form.set('file', new File([image.bytes], `${image.sha256}.${image.mediaType.slice('image/'.length)}`, { type: image.mediaType }));
    form.set('expires_in_seconds', String(seconds));
    const atMs = nowMs();
    const response = await request('POST', 'files', form, signal);
    if (!response.ok) throw await refused(response);
    const parsed = uploadSchema.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw new Fault('upstream_error', 'The Files API sent something that is not an answer. Try again.');
    const { id: fileId, expires_at: expiresAt } = parsed.data;
    return { fileId, expiresAtMs: typeof expiresAt === 'string' ? Date.parse(expiresAt) : atMs + seconds * 1000 };
  }

  async function remove(fileId: string, signal: AbortSignal): Promise<void> {
    const response = await request('DELETE', `files/${fileId}`, undefined, signal);
    if (!response.ok && response.status !== 404) throw await refused(response);
    await response.body?.cancel();
  }
}

function factsOf({ sha256, mediaType, width, height, bytes }: z.infer<typeof ownerSchema>): ClaudeFile {
  return { sha256, mediaType, width, height, bytes };
}

/** The Files API bills nothing, so all of these may be tried again. Its texts are not passed on. */
async function refused(response: Response): Promise<Fault> {
  await response.body?.cancel();
  const text = response.headers.get('retry-after') ?? '';
  const after = /^\d{1,6}$/.test(text) ? { retryAfterSeconds: Number(text) } : {};
  switch (response.status) {
    case 401:
    case 403:
      return new Fault('upstream_error', `The Files API refused this deployment's key or region (${response.status}). The operator must check it.`, {
        retryable: false,
      });
    case 429:
      return new Fault('rate_limited', "The Files API limits this deployment's rate.", after);
    case 503:
    case 529:
      return new Fault('overloaded', 'The Files API is overloaded. Try again later.', { retryAfterSeconds: 5, ...after });
    default:
      return new Fault('upstream_error', `The Files API failed with status ${response.status}. Try again, or leave out "source": "file".`);
  }
}
