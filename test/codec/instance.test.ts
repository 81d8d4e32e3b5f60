/** Which instance of the module a picture is decoded on. */
import { describe, expect, it } from 'vitest';
import { type ScanlineExports, withInstance } from '../../src/codec/scanline/instance.ts';
import { loadModules } from './modules.ts';

/** A module of its own for each test, so that none has an idle instance at first. */
function module(): WebAssembly.Module {
  return loadModules().scanline;
}

/** Notes what is kept, and can take it back. */
function accountant() {
  const kept: number[] = [];
  let drop = (): void => undefined;
  return {
    kept,
    takeBack: () => drop(),
    keepIdle: (bytes: number, toDrop: () => void) => {
      kept.push(bytes);
      drop = toDrop;
    },
  };
}

const LARGE_BYTES = 48 * 1024 * 1024;

/** Stands for a picture that needs much memory. */
function grow(exports: ScanlineExports): ScanlineExports {
  const missing = LARGE_BYTES - exports.memory.buffer.byteLength;
  if (missing > 0) exports.memory.grow(missing / 65_536);
  return exports;
}

describe('the instance of the codec', () => {
  it('is kept with all its memory after a large picture, and says how much that is', () => {
    const [own, memory] = [module(), accountant()];
    const first = withInstance(own, grow, memory);
    const second = withInstance(own, (exports) => exports, memory);
    expect(second).toBe(first);
    expect(memory.kept).toEqual([LARGE_BYTES, LARGE_BYTES]);
  });

  it('is let go of when the isolate needs the room', () => {
    const [own, memory] = [module(), accountant()];
    const first = withInstance(own, grow, memory);
    memory.takeBack();
    const second = withInstance(own, (exports) => exports, memory);
    expect(second).not.toBe(first);
    expect(second.memory.buffer.byteLength).toBeLessThan(1024 * 1024);
  });

  it('is dropped after a fault, and nothing is kept', () => {
    const [own, memory] = [module(), accountant()];
    const first = withInstance(own, grow, memory);
    const fault = () => {
      throw new Error('fault');
    };
    expect(() => withInstance(own, fault, memory)).toThrow('fault');
    expect(memory.kept.at(-1)).toBe(0);
    expect(withInstance(own, (exports) => exports, memory)).not.toBe(first);
  });
});
