/** What workerd processes cost, by the kernel's count (Linux; NaN elsewhere). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

/** Process ids of the workerd processes that this process has started. */
export function workerdPids() {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      const stat = readStat(pid);
      return stat !== undefined && stat.name === 'workerd' && Number(stat.fields[1]) === process.pid;
    });
}

/** Bytes resident now and at most since the start, and CPU time in ms, of these processes together. */
export function cost(pids) {
  if (pids.length === 0) return { residentBytes: NaN, peakBytes: NaN, cpuMs: NaN };
  const sum = (of) => pids.reduce((total, pid) => total + of(pid), 0);
  const status = (pid, name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) * 1024;
  return {
    residentBytes: sum((pid) => status(pid, 'VmRSS')),
    peakBytes: sum((pid) => status(pid, 'VmHWM')),
    // Fields 14 and 15 of proc(5); the slice begins at field 3.
    cpuMs: sum((pid) => {
      const { fields } = readStat(pid);
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    }),
  };
}

function readStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), fields: stat.slice(end + 2).split(' ') };
  } catch {
    // It has ended in between.
    return undefined;
  }
}
