/** The Files API of a provider: uploads, deletions, and its errors in our codes. */
import * as z from 'zod';
import { Fault } from '../core/fault.ts';
import { UPLOAD_MS_MAX } from '../core/keep/derived.ts';
import { isFileId } from '../core/keep/uploaded-file.ts';
import type { FileMetadata, FilesApi } from '../port/file.ts';

/** One request of the Files API: `path` below `/v1/`. */
type FilesRequest = (method: 'GET' | 'POST' | 'DELETE', path: string, body: FormData | undefined, signal: AbortSignal) => Promise<Response>;

/** The most that a page of the list holds. */
const PAGE_FILES = 1_000;
/** Pages that are looked through: more than a million files are not searched in one go. */
const PAGES_MAX = 1_000;

const metadataSchema = z.object({
  id: z.string().refine(isFileId),
  created_at: z.iso.datetime({ offset: true }),
  expires_at: z.iso.datetime({ offset: true }).nullish(),
});
const pageSchema = z.object({ data: z.array(z.object({ id: z.string(), filename: z.string() })), next_page: z.string().nullish() });

/** Opens the Files API over a provider. */
export function filesApi(request: FilesRequest): FilesApi {
  const ask = async (method: Parameters<FilesRequest>[0], path: string, body: FormData | undefined, signal: AbortSignal): Promise<Response> => {
    const response = await request(method, path, body, signal).catch((cause: unknown) => {
      throw cause instanceof Fault && cause.billed ? unbilled(cause) : cause;
    });
    if (response.ok || (method === 'DELETE' && response.status === 404)) return response;
    throw await refusal(response);
  };
  const remove = async (id: string, signal: AbortSignal): Promise<void> => {
    const response = await ask('DELETE', `files/${id}`, undefined, signal);
    await response.body?.cancel();
  };
  return {
    newName: () => `vignette-${crypto.randomUUID()}`,

    async upload({ name, bytes, mediaType, expiresInSeconds }, signal) {
      const form = new FormData();
      form.set('file', new File([bytes], name, { type: mediaType }));
      if (expiresInSeconds !== undefined) form.set('expires_in_seconds', String(expiresInSeconds));
      return readMetadata(await ask('POST', 'files', form, AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_MS_MAX)])));
    },

    delete: remove,

    async deleteByName(name, signal) {
      let page: string | null | undefined;
      for (let pages = 0; pages < PAGES_MAX; pages++) {
        const query = new URLSearchParams({ limit: String(PAGE_FILES), ...(page == null ? {} : { page }) });
        const { data, next_page: next } = await readPage(await ask('GET', `files?${query.toString()}`, undefined, signal));
        // By the list's own word, so the id goes into the path only as one.
        for (const { id, filename } of data) if (filename === name && isFileId(id)) await remove(id, signal);
        if (next == null) return;
        page = next;
      }
      throw new Fault('upstream_error', `The Files API holds more than ${PAGES_MAX * PAGE_FILES} files; one whose id is lost was not found among them.`);
    },
  };
}

async function readMetadata(response: Response): Promise<FileMetadata> {
  const parsed = metadataSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new Fault('upstream_error', 'The Files API sent something that is not the metadata of a file. Try again.');
  const { id, created_at: createdAt, expires_at: expiresAt } = parsed.data;
  return { id, createdAtMs: Date.parse(createdAt), expiresAtMs: expiresAt == null ? null : Date.parse(expiresAt) };
}

async function readPage(response: Response): Promise<z.infer<typeof pageSchema>> {
  const parsed = pageSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new Fault('upstream_error', 'The Files API sent something that is not a list of files. Try again.');
  return parsed.data;
}

/** What a broken connection to Claude may have cost, one to the Files API has not. */
function unbilled(fault: Fault): Fault {
  const message = fault.code === 'upstream_timeout' ? 'The Files API did not answer in time, or the caller left.' : 'The connection to the Files API broke.';
  return new Fault(fault.code, `${message} Try again.`, { cause: fault });
}

/** The Files API bills nothing, so all of these may be tried again but where the operator has to act. Its texts are not passed on. */
async function refusal(response: Response): Promise<Fault> {
  await response.body?.cancel();
  const text = response.headers.get('retry-after') ?? '';
  const after = /^\d{1,6}$/.test(text) ? { retryAfterSeconds: Number(text) } : {};
  switch (response.status) {
    case 401:
    case 403:
      return new Fault('upstream_error', `The Files API refused this deployment's key or region (${response.status}). The operator must check it.`, {
        retryable: false,
      });
    case 413:
      return new Fault('image_too_large', 'The image is too large for the Files API. Send a smaller one.');
    case 429:
      return new Fault('rate_limited', "The Files API limits this deployment's rate. Try again later.", after);
    case 503:
    case 529:
      return new Fault('overloaded', 'The Files API is overloaded. Try again later.', { retryAfterSeconds: 5, ...after });
    default:
      return new Fault('upstream_error', `The Files API answered ${response.status}. The operator finds the limits of the account at Anthropic.`, {
        retryable: response.status >= 500,
        ...after,
      });
  }
}
