/** Binds a component to the tables that its scan names (T.81 B.2.3): tables may be defined anew between scans. */
import { Component, isArithmetic, isProgressive } from './frame';
import { buildSkip } from './huffman';
import { bindQuantiser } from './layout';
import { huffmanTable, quantiser } from './table';

/**
 * `selectors`: the byte of the scan header with both table ids; `start` and `high`: its spectral start and previous bit
 * position. False when a table that the scan needs was never defined.
 */
export function bindTables(c: Component, selectors: i32, start: i32, high: i32): bool {
  const dc = selectors >> 4;
  const ac = selectors & 15;
  if (dc > 3 || ac > 3) return false;
  c.dcTable = dc;
  c.acTable = ac;
  c.dc = huffmanTable(0, dc);
  c.ac = huffmanTable(1, ac);
  const usesDc = start == 0 && high == 0;
  const usesAc = !isProgressive || start > 0;
  if (!isArithmetic && ((usesDc && !c.dc.isDefined) || (usesAc && !c.ac.isDefined))) return false;
  if (!isArithmetic && !isProgressive) buildSkip(c.ac);
  if (c.isQuantiserBound) return true;
  const values = quantiser(c.quantiser);
  if (values == 0) return false;
  bindQuantiser(c, values);
  return true;
}
