/** What the rules for good answers find. */
export interface LintIssue {
  /** Stable name of the rule, such as `alt-text-length`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly value: string | number;
  readonly bound?: string | number;
  readonly message: string;
}

/** For fields that have no rules. */
export const noIssues = (): readonly LintIssue[] => [];
