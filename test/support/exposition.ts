/**
 * A strict reader of Prometheus' text exposition format 0.0.4, after its documentation ("Text format details"): line feeds alone
 * end lines, the last one too; help and type once and before the samples of a metric; each metric in one group; a set of labels once;
 * only the escapes that exist. Stricter than it: everything has help and a type, and nothing has a timestamp.
 */
export interface ParsedMetric {
  readonly help: string;
  readonly type: string;
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/;
/** What Go's ParseFloat takes and this format uses. */
const VALUE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN)$/;

/** The metrics of a text by name, in order. @throws Error with the line that is wrong */
export function parseExposition(text: string): ReadonlyMap<string, ParsedMetric> {
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  if (text.includes('\r')) throw new Error('lines end with line feeds alone');
  const metrics = new Map<string, ParsedMetric>();
  let help: { name: string; text: string } | undefined;
  let current: { name: string; metric: ParsedMetric } | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (line.startsWith('#') && kind === undefined) fail('neither help nor type');
    if (kind !== undefined && METRIC_NAME.exec(name)?.[0] !== name) fail('not a name');
    if (kind === 'HELP') {
      if (help !== undefined || metrics.has(name)) fail('help stands twice, or late');
      if (!/^(?:[^\\]|\\[\\n])*$/.test(rest)) fail('an escape that does not exist');
      help = { name, text: unescape(rest) };
    } else if (kind === 'TYPE') {
      if (help?.name !== name) fail('the type does not follow its help');
      if (!['counter', 'gauge', 'histogram', 'summary', 'untyped'].includes(rest)) fail('not a type');
      current = { name, metric: { help: help?.text ?? '', type: rest, samples: [] } };
      metrics.set(name, current.metric);
      help = undefined;
    } else {
      if (help !== undefined || current === undefined) throw new Error(`a sample without a type: ${line}`);
      const { name: sampleName, labels, value } = readSample(line, fail);
      if (sampleName !== current.name) fail('outside the group of its metric');
      const isKnown = current.metric.samples.some((sample) => sameLabels(sample.labels, labels));
      if (isKnown) fail('these labels stand twice');
      current.metric.samples.push({ labels, value });
    }
  }
  if (help !== undefined) throw new Error('help without a type');
  return metrics;
}

function readSample(line: string, fail: (why: string) => never) {
  const name = METRIC_NAME.exec(line)?.[0] ?? fail('no name');
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    do {
      rest = rest.slice(1);
      const [whole, label, text = ''] = LABEL.exec(rest) ?? fail('not a label');
      if (label === undefined || Object.hasOwn(labels, label)) fail('a label stands twice');
      labels[label as string] = unescape(text);
      rest = rest.slice(whole.length);
    } while (rest.startsWith(','));
    if (!rest.startsWith('}')) fail('labels do not end');
    rest = rest.slice(1);
  }
  if (!rest.startsWith(' ') || !VALUE.test(rest.slice(1))) fail('not a value');
  return { name, labels, value: Number(rest.slice(1).replace('Inf', 'Infinity')) };
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function sameLabels(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
