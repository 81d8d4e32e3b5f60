import { describe, expect, it } from 'vitest';
import { formatMetrics, type Metric } from '../../../src/core/metric/exposition.ts';
import { parseExposition } from '../../support/exposition.ts';

const counter = (samples: Metric['samples']): Metric => ({ name: 'jobs_total', help: 'Jobs done.', type: 'counter', samples });

describe('the text for Prometheus', () => {
  it('has help, type and samples, each on a line', () => {
    const text = formatMetrics([
      counter([
        { labels: { tenant: 'shop', model: 'm' }, value: 3 },
        { labels: {}, value: 0.25 },
      ]),
      { name: 'up', help: 'Alive.', type: 'gauge', samples: [] },
    ]);
    expect(text).toBe(
      '# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total{tenant="shop",model="m"} 3\njobs_total 0.25\n# HELP up Alive.\n# TYPE up gauge\n',
    );
  });

  it.each(['plain', 'a"b', 'a\\b', 'a\nb', '\\n', '"\\\n', 'ü 😀', '{x="y"}', ''])('escapes what a label or help may hold, and it is read back: %j', (text) => {
    const metrics = parseExposition(formatMetrics([{ ...counter([{ labels: { of: text }, value: 1 }]), help: `x${text}` }]));
    expect(metrics.get('jobs_total')).toMatchObject({ help: `x${text}`, samples: [{ labels: { of: text } }] });
  });

  it.each([0, -0.5, 1e-9, 1e21, 123_456_789.123, Infinity, -Infinity, NaN])('writes a value so that it is read back: %d', (value) => {
    expect(parseExposition(formatMetrics([counter([{ labels: {}, value }])])).get('jobs_total')?.samples[0]?.value).toBe(value);
  });
});

describe('the reader of the text', () => {
  const GOOD = '# HELP a_total A.\n# TYPE a_total counter\na_total{x="1"} 2\n';

  it('takes what is right', () => {
    expect(parseExposition(GOOD).get('a_total')).toEqual({ help: 'A.', type: 'counter', samples: [{ labels: { x: '1' }, value: 2 }] });
  });

  it.each([
    ['no line feed at the end', GOOD.slice(0, -1)],
    ['carriage returns', GOOD.replaceAll('\n', '\r\n')],
    ['a sample without a type', 'a 1\n'],
    ['a type that is none', GOOD.replace('counter', 'meter')],
    ['help twice', `# HELP a_total A.\n${GOOD}`],
    ['a metric in two groups', `${GOOD}# HELP b B.\n# TYPE b gauge\nb 1\na_total{x="2"} 1\n`],
    ['a metric that begins twice', GOOD + GOOD],
    ['labels that stand twice', `${GOOD}a_total{x="1"} 3\n`],
    ['an escape that does not exist', GOOD.replace('"1"', '"\\t"')],
    ['a quote that does not end', GOOD.replace('"1"', '"1')],
    ['a name with a dash', GOOD.replaceAll('a_total', 'a-total')],
    ['a value that is none', GOOD.replace(' 2', ' two')],
    ['an empty line in between', GOOD.replace('\na_total{', '\n\na_total{')],
  ])('refuses %s', (_, text) => {
    expect(() => parseExposition(text)).toThrow(Error);
  });
});
