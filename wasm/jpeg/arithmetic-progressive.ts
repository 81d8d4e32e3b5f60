/** Progressive scans with arithmetic coding (T.81 G.1.3), a row of units each; see progressive.ts and progressive-ac.ts for those with Huffman codes. */
import { acBins, decodeBit, fixedBin, prepareCode } from './arithmetic';
import { bandEnds, passZeros, readAcValue, readArithmeticDc } from './arithmetic-block';
import { bitPosition } from './bits';
import { Component } from './frame';
import { approximationLow, isStarved, spectralEnd, spectralStart, starve } from './scan';

/** A block's DC coefficient, in a first pass or a refinement. */
export function arithmeticDc(c: Component, address: usize, isRefinement: bool): void {
  prepareCode();
  if (!isRefinement) store<i16>(address, <i16>(readArithmeticDc(c) << approximationLow));
  else if (decodeBit(fixedBin())) store<i16>(address, <i16>(<i32>load<i16>(address) | (1 << approximationLow)));
}

/** First pass over the blocks [column, stop) of a block row. Gives the first column not done; none may begin behind bit `limit`. */
export function arithmeticFirstPass(c: Component, row: i32, column: i32, stop: i32, limit: i32): i32 {
  const table = acBins(c.acTable);
  let x = column;
  for (; x < stop && bitPosition() <= limit && !isStarved(); x++) {
    const index = <usize>(row * c.paddedWide + x);
    const coefficients = c.coefficients + index * <usize>c.blockBytes;
    const mask = c.nonzero + (index << 3);
    let nonzero = load<u64>(mask);
    prepareCode();
    for (let k = spectralStart; k <= spectralEnd && !bandEnds(table, k); k++) {
      k = passZeros(table, k, spectralEnd);
      if (k > spectralEnd) break;
      const value = readAcValue(c, table, k);
      if (value == 0) break;
      setCoefficient(c, coefficients, k, value << approximationLow);
      nonzero |= (<u64>1) << <u64>k;
    }
    store<u64>(mask, nonzero);
  }
  return x;
}

/** Refinement of the blocks [column, stop) of a block row. Gives the first column not done; none may begin behind bit `limit`. */
export function arithmeticRefinement(c: Component, row: i32, column: i32, stop: i32, limit: i32): i32 {
  const table = acBins(c.acTable);
  const step = 1 << approximationLow;
  let x = column;
  for (; x < stop && bitPosition() <= limit && !isStarved(); x++) {
    const index = <usize>(row * c.paddedWide + x);
    const coefficients = c.coefficients + index * <usize>c.blockBytes;
    const mask = c.nonzero + (index << 3);
    const nonzero = load<u64>(mask);
    const lastCoded = 63 - <i32>clz(nonzero & (u64.MAX_VALUE >> <u64>(63 - spectralEnd)));
    let fresh: u64 = 0;
    prepareCode();
    // Up to the last coefficient of earlier scans the band cannot end, and it is not asked.
    for (let k = spectralStart; k <= spectralEnd && !(k > lastCoded && bandEnds(table, k)); k++) {
      while (k <= spectralEnd && !((nonzero >> <u64>k) & 1) && !decodeBit(table + <usize>(3 * (k - 1) + 1))) k++;
      if (k > spectralEnd) {
        starve();
        break;
      }
      const bit = (<u64>1) << <u64>k;
      if (nonzero & bit) {
        if (decodeBit(table + <usize>(3 * (k - 1) + 2))) correctCoefficient(c, coefficients, k, step);
      } else {
        setCoefficient(c, coefficients, k, decodeBit(fixedBin()) ? -step : step);
        fresh |= bit;
      }
    }
    store<u64>(mask, nonzero | fresh);
  }
  return x;
}

function setCoefficient(c: Component, coefficients: usize, k: i32, value: i32): void {
  if ((c.keptMask >> <u64>k) & 1) store<i16>(coefficients + <usize>load<u16>(c.targets + <usize>(k << 2)), <i16>value);
}

/** Away from zero by `step`. */
function correctCoefficient(c: Component, coefficients: usize, k: i32, step: i32): void {
  if (!((c.keptMask >> <u64>k) & 1)) return;
  const address = coefficients + <usize>load<u16>(c.targets + <usize>(k << 2));
  const value = <i32>load<i16>(address);
  store<i16>(address, <i16>(value < 0 ? value - step : value + step));
}
