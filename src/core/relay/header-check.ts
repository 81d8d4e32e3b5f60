/** Headers of a Messages request that nothing here bounds. The body has `member-table.ts`; a beta is a header with a list of values. */
import type { Unbounded } from './member-check.ts';

/** Headers that change neither price nor reach. Those of a gateway are chosen in `header.ts`. */
const BOUNDED: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'anthropic-dangerous-direct-browser-access',
  'cf-aig-metadata',
  'cf-aig-event-id',
  'cf-aig-collect-log',
  'cf-aig-collect-log-payload',
  'cf-aig-skip-cache',
]);

/** Versions of the API that are known here. */
const VERSIONS: ReadonlySet<string> = new Set(['2023-01-01', '2023-06-01', '2026-10-21']);

/**
 * Betas that bring members which the table judges, or change form alone. What is not here either changes a price (a longer context,
 * a faster mode), lets the provider act on its own, or came later than this list.
 */
const BETAS: ReadonlySet<string> = new Set([
  'cache-diagnosis-2026-04-07',
  'claude-code-20250219',
  'computer-use-2024-10-22',
  'computer-use-2025-01-24',
  'computer-use-2025-11-24',
  'context-management-2025-06-27',
  'extended-cache-ttl-2025-04-11',
  'files-api-2025-04-14',
  'fine-grained-tool-streaming-2025-05-14',
  'inline-tools-2026-09-15',
  'interleaved-thinking-2025-05-14',
  'message-threads-2026-08-12',
  'mid-conversation-output-config-2026-07-01',
  'mid-conversation-system-clear-at-2026-08-21',
  'mid-conversation-tool-changes-2026-07-01',
  'model-context-window-exceeded-2025-08-26',
  'output-128k-2025-02-19',
  'output-300k-2026-03-24',
  'pdfs-2024-09-25',
  'prompt-caching-2024-07-31',
  'structured-outputs-2025-11-13',
  'task-budgets-2026-03-13',
  'thinking-binding-controls-2026-08-01',
  'thinking-display-updates-2026-08-18',
  'thinking-token-count-2026-05-13',
  'token-counting-2024-11-01',
  'token-efficient-tools-2025-02-19',
]);

const NAME_CHARACTERS_MAX = 100;

/** The unbounded ones among headers that are passed on, in lower case; a beta is named with its header. */
export function unboundedHeaders(headers: Iterable<readonly [string, string]>): readonly Unbounded[] {
  return [...headers].flatMap(([name, value]): readonly Unbounded[] => {
    const param = name.slice(0, NAME_CHARACTERS_MAX);
    if (BOUNDED.has(name)) return [];
    if (name === 'anthropic-version') return VERSIONS.has(value.trim()) ? [] : [{ param, reach: 'unknown', why: 'this version is not known here' }];
    if (name === 'anthropic-beta')
      return betasIn(value)
        .filter((beta) => !BETAS.has(beta))
        .map((beta) => ({ param, reach: 'unknown', why: `what the beta "${beta.slice(0, NAME_CHARACTERS_MAX)}" costs or reaches is not known here` }));
    return [{ param, reach: 'unknown', why: 'what this header costs or reaches is not known here' }];
  });
}

/** The betas that a header names. */
export function betasIn(value: string): readonly string[] {
  return value
    .split(',')
    .map((beta) => beta.trim())
    .filter((beta) => beta !== '');
}
