/**
 * How much of the picture damage may have reached.
 *
 * A wrong bit of entropy-coded data shifts whatever follows, up to the next restart marker. It seldom ends in a code that does not exist,
 * and then late: more often the data only end too early or too late for their units. So where an interval shows any of that, all of it
 * is suspect. Where data are missing, only what was made up for them is.
 */

/** Units (MCUs, or blocks of a scan with one component) of the present scan, those that are done, and where the interval began. */
let units: i32 = 0;
let done: i32 = 0;
let intervalStart: i32 = 0;
/** Units of the interval for which there were no data. */
let madeUp: i32 = 0;
/** Faults in the codes that had been counted when the interval began. */
let faultsBefore: i32 = 0;
let suspects: i64 = 0;
let worstPermille: i32 = 0;

/** Forgets the previous file. */
export function resetSuspects(): void {
  worstPermille = 0;
}

/** Begins a scan of `count` units; `faults` are those in codes so far. */
export function beginSuspects(count: i32, faults: i32): void {
  units = count;
  done = 0;
  intervalStart = 0;
  madeUp = 0;
  faultsBefore = faults;
  suspects = 0;
}

/** Counts units that are done. */
@inline
export function passUnits(count: i32): void {
  done += count;
}

/** Counts those of them for which there were no data. */
export function passMadeUp(count: i32): void {
  madeUp += count;
}

/** Ends a restart interval, or a scan. `isUneven`: its data were more or less than its units took. */
export function endInterval(faults: i32, isUneven: bool): void {
  suspects += isUneven || faults != faultsBefore ? done - intervalStart : madeUp;
  faultsBefore = faults;
  madeUp = 0;
  intervalStart = done;
  if (units > 0) worstPermille = max(worstPermille, <i32>(suspects * 1000 / units));
}

/** Declares all of the picture suspect: scans that would have brought its details are missing. */
export function suspectAll(): void {
  worstPermille = 1000;
}

/** The largest share of a scan that may be wrong, in thousandths. */
export function suspectPermille(): i32 {
  return worstPermille;
}
