import { invalidRequest } from './error.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 1_000;

/** One page of a list as the API shows it. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

/** The page that `limit`, `after_id` and `before_id` ask for. @throws 400 for a limit out of range. */
export function pageOf<Item extends { readonly id: string }>(items: readonly Item[], query: Readonly<Record<string, string>>): Page<Item> {
  const limit = query['limit'] === undefined ? LIMIT_DEFAULT : Number(query['limit']);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw invalidRequest(`limit: Input should be between 1 and ${LIMIT_MAX}`);
  }
  const after = items.findIndex(({ id }) => id === query['after_id']);
  const before = items.findIndex(({ id }) => id === query['before_id']);
  const end = before < 0 ? items.length : before;
  const start = before < 0 ? after + 1 : Math.max(0, before - limit);
  const data = items.slice(start, Math.min(start + limit, end));
  return {
    data,
    has_more: before < 0 ? start + data.length < items.length : start > 0,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
