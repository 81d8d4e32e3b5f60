/** The port to managed API keys. Only hashes of their secrets are kept. */
import type { CallerLimits } from '../core/key/caller.ts';
import type { KeyChange, KeyEdit } from '../core/key/edit.ts';
import type { KeyRecord, KnownKey } from '../core/key/record.ts';

export interface KeyStore {
  /** The key that a secret with this SHA-256 leads to, with the bounds of its tenant; whether it still works, the record says. @throws overloaded */
  findBySecret(sha256: string): Promise<KnownKey | undefined>;
  /** The latest state of a key. @throws overloaded */
  find(id: string): Promise<KeyRecord | undefined>;
  /** Keys by age, the oldest first, as of about a minute ago; `cursor` leads to those after them. @throws invalid_request (a cursor that it did not give) */
  list(page: { readonly keysMax: number; readonly cursor: string | undefined }): Promise<{
    readonly records: readonly KeyRecord[];
    readonly cursor: string | undefined;
  }>;
  /** Writes a new key. @throws overloaded */
  create(change: KeyChange, nowMs: number): Promise<void>;
  /**
   * Changes a key, one change after the other however many come at once, each upon the one before it. Gives the key as it is then.
   * @throws overloaded, when the store refuses for now; the change has to be repeated
   */
  change(id: string, edit: KeyEdit, nowMs: number): Promise<KeyRecord | 'unknown' | 'revoked'>;
  /** Sets the bounds of all keys of a tenant together, in place of what was. @throws overloaded */
  limitTenant(tenant: string, limits: CallerLimits): Promise<void>;
  /** The bounds of up to 100 tenants, by their names. @throws overloaded */
  tenantLimits(tenants: readonly string[]): Promise<ReadonlyMap<string, CallerLimits>>;
}
