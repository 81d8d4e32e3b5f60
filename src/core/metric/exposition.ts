/** Metrics as text for Prometheus: its text exposition format, version 0.0.4. */

/** Value of the `Content-Type` header of the text. */
export const EXPOSITION_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface Sample {
  /** Names are `[a-zA-Z_][a-zA-Z0-9_]*`; values any text. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric with all its samples; a name may stand once in a text, and a set of labels once in a metric. */
export interface Metric {
  /** `[a-zA-Z_:][a-zA-Z0-9_:]*`; a counter's ends in `_total`, the unit comes before that. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

/** The text: each metric with its help, its type and its samples in one group, every line ended by a line feed. */
export function formatMetrics(metrics: readonly Metric[]): string {
  return metrics
    .map(
      ({ name, help, type, samples }) => `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${samples.map((sample) => line(name, sample)).join('')}`,
    )
    .join('');
}

function line(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatValue(value)}\n`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

/** Go's ParseFloat reads what JavaScript writes, but for the infinities. */
function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
