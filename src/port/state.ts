/** Port to what is remembered of things that the provider keeps for a tenant. */
import type { MadeState } from '../core/relay/provider-state.ts';

/** Things that answers made (messages, containers, files), each bound to the tenant that was answered. */
export interface ProviderStates {
  /** @throws when it could not be written */
  remember(tenant: string, made: MadeState, ttlSeconds: number): Promise<void>;
  /** Whether this tenant made it here, lately enough for it to live. */
  isKnown(tenant: string, made: MadeState): Promise<boolean>;
}
