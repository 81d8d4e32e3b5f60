/** What a process costs, by the kernel's count (Linux; NaN elsewhere). */
import { readFileSync } from 'node:fs';

const TICK_MS = 10;

/** Bytes resident now and at most since the start, and CPU time in ms. `pid` is `undefined` where it is not known. */
export function cost(pid) {
  if (pid === undefined) return { residentBytes: NaN, peakBytes: NaN, cpuMs: NaN };
  const status = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) * 1024;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields 14 and 15 of proc(5); the slice begins at field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { residentBytes: status('VmRSS'), peakBytes: status('VmHWM'), cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}
