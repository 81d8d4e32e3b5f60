/**
 * The coefficient store of progressive pictures: only the N·N coefficients that the scale keeps, and for every block a
 * mask of which of all 64 are non-zero.
 *
 * The mask is what makes dropping possible: a refinement scan (T.81 G.1.2.3) codes a correction bit for every non-zero
 * coefficient, so the decoder must know where those are even when it does not keep their values.
 *
 *   coefficients: blockBytes (2 N², rounded up to whole rows of lanes; see layout.ts) for each block, row-major
 *   nonzero:      8 bytes for each block, bit k for zig-zag index k; absent at N = 1, which reads no AC scan at all
 */
import { alloc } from '../memory';
import { component, componentCount } from './frame';
import { keptBytes } from './layout';

/** Reads of whole vectors may pass the last block by this much. */
const OVERREAD_BYTES: usize = 16;

/** Allocates and clears the store of every component. False when memory is exhausted. */
export function openCoefficients(): bool {
  for (let i = 0; i < componentCount; i++) {
    const c = component(i);
    c.blockBytes = keptBytes(c.scale);
    c.blocksKnown = 0;
    c.refined = 0;
    const blocks = <u64>c.paddedWide * c.paddedHigh;
    const bytes = blocks * c.blockBytes;
    const maskBytes = c.scale == 1 ? 0 : blocks * 8;
    if (bytes + maskBytes > <u64>i32.MAX_VALUE) return false;
    c.coefficients = alloc(<usize>bytes + OVERREAD_BYTES);
    c.nonzero = alloc(<usize>maskBytes);
    if (c.coefficients == 0 || c.nonzero == 0) return false;
    memory.fill(c.coefficients, 0, <usize>bytes + OVERREAD_BYTES);
    memory.fill(c.nonzero, 0, <usize>maskBytes);
  }
  return true;
}
