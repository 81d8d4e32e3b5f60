/** What the Worker prints, for somebody who looks on: one line a request, and the faults. */

/** Asked by the start and its watch, not by anybody. */
const PROBE = '/healthz';

/**
 * The line to show for one that the Worker printed, or `undefined` for none: of a request its method, route, status, what the cache
 * did, US$ and milliseconds; of warnings, errors and what wrangler complains about the text as it is.
 */
export function requestLine(printed) {
  const entry = parse(printed);
  if (entry === undefined) return /✘|\[ERROR\]|wrangler:error/.test(printed) ? printed : undefined;
  if (entry.event !== 'request') return entry.level === 'info' ? undefined : printed;
  if (entry.route === PROBE) return undefined;
  const { method, route, status, code, cache, cost_usd: costUsd, duration_ms: durationMs, cause, stack } = entry;
  const cells = [
    `${method} ${route}`.padEnd(28),
    String(status),
    (code ?? cache ?? '').padEnd(8),
    (costUsd === undefined ? '' : `US$ ${costUsd.toFixed(6)}`).padEnd(12),
    `${Math.round(durationMs ?? 0).toLocaleString('en-US')} ms`.padStart(9),
  ];
  const line = cells.join('  ');
  return cause === undefined ? line : `${line}\n  ${cause}${stack === undefined ? '' : `: ${stack}`}`;
}

function parse(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
