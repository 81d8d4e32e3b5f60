/** The port to what sheds floods. */

/** Sheds floods, roughly and without cost; exact limits are the accounts'. */
export interface BurstLimiter {
  /** Whether one more of this subject is fine. Never rejects: what cannot be counted is let through. */
  allows(subject: string): Promise<boolean>;
}
