/** Whole transcodes over mutants, on a module with guards around every block of memory. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { instantiate } from '../../src/codec/scanline/instance.ts';
import { ScanlineFailure, transcodeOn, transcodeScanline } from '../../src/codec/scanline/transcode.ts';
import { createCodec } from '../../src/codec/transcode.ts';
import { Fault } from '../../src/core/fault.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { IMAGE_BYTES_MAX } from '../../src/core/vision/limit.ts';
import { planMemory } from '../../src/core/vision/memory/memory.ts';
import { planImage } from '../../src/core/vision/plan.ts';
import { loadModules } from '../../test/codec/modules.ts';
import { createRandom } from './random.mjs';
import { makeMutant } from './source.mjs';

/** Several times what the largest picture takes that a plan lets through. */
const CPU_MS_MAX = 5_000;
/** A grown memory stays grown, and clearing it takes time. */
const INSTANCE_BYTES_MAX = 16 << 20;
const GOOD_FILES = ['jpeg-baseline-420.jpg', 'jpeg-progressive.jpg', 'png-rgba8.png', 'gif-transparent.gif', 'webp-vp8x-alpha.webp', 'webp-vp8l-lossless.webp'];

/** Gives `check(seed, index)`, which transcodes one mutant and tells its verdict, and `checkGood()`, which tells a find. */
export function createDecodeFuzz(guardedBytes, sources) {
  const guarded = new WebAssembly.Module(guardedBytes);
  const modules = loadModules();
  const codec = createCodec({ ...modules, scanline: guarded });
  const good = GOOD_FILES.map((name) => {
    const bytes = Uint8Array.from(readFileSync(new URL(`../../test/fixture/${name}`, import.meta.url)));
    return { name, bytes, expected: goodHash(instantiate(modules.scanline), bytes) };
  });
  provokeGuards(guarded, good[2].bytes);
  let exports = instantiate(guarded);

  async function check(seed, index) {
    const random = createRandom(seed);
    const { bytes } = makeMutant(sources, index, random);
    const startUs = process.threadCpuUsage().user;
    let verdict = await transcode(bytes, random);
    const spentMs = (process.threadCpuUsage().user - startUs) / 1000;
    if (exports.brokenGuards() > 0) {
      verdict = `FIND ${exports.brokenGuards()} guard bytes changed (${verdict})`;
      exports = instantiate(guarded);
    } else if (spentMs > CPU_MS_MAX) {
      verdict = `FIND ${spentMs.toFixed(0)} ms (${verdict})`;
    }
    if (exports.memory.buffer.byteLength > INSTANCE_BYTES_MAX) exports = instantiate(guarded);
    return { verdict, spentMs };
  }

  async function transcode(bytes, random) {
    let info;
    let plan;
    try {
      info = inspectImage(bytes);
      plan = planImage(info, { tier: smallTier(info, random), isManyImageRequest: false });
    } catch (error) {
      return error instanceof Fault ? `header: ${error.code}` : `FIND ${error.stack}`;
    }
    // What may go out as it came is decoded all the same: at its own size, as a turned picture would be.
    if (plan.kind === 'pass-through') plan = { ...plan, kind: 'transcode', ...planMemory(info, plan.size) };
    if (plan.kind === 'original' || plan.decoder === undefined) return 'original';
    try {
      if (plan.decoder === 'scanline') {
        const { bytes: file, mediaType, warnings } = transcodeOn(exports, bytes, info, plan.size, IMAGE_BYTES_MAX);
        // Memory of another content, and another picture before it, must not show.
        const again = transcodeScanline(modules.scanline, bytes, info, plan.size, IMAGE_BYTES_MAX).bytes;
        if (Buffer.compare(file, again) !== 0) return `FIND two transcodes differ (${info.format} to ${mediaType}, ${warnings.length} warnings)`;
        return warnings.some(({ code }) => code === 'damaged_file') ? `${mediaType}, with a warning` : mediaType;
      }
    } catch (error) {
      if (error instanceof Fault) return error.code;
      if (!(error instanceof ScanlineFailure)) return `FIND ${error.stack}`;
      if (error.reason === 'trap') {
        exports = instantiate(guarded);
        return `FIND trap: ${error.cause?.stack}`;
      }
      if (!error.isDefect) return `${error.reason} (${error.toFault(info).code})`;
    }
    // Here jSquash has its turn, if the plan of its memory allows: behind the codec's own door.
    try {
      const { mediaType } = await codec.transcode(bytes, info, plan, { grow: () => undefined });
      return `${mediaType} by jSquash`;
    } catch (error) {
      return error instanceof Fault ? `${error.code} by jSquash or its plan` : `FIND ${error.stack}`;
    }
  }

  function checkGood() {
    for (const { name, bytes, expected } of good) if (goodHash(exports, bytes) !== expected) return `FIND ${name} comes out different`;
    return exports.brokenGuards() > 0 ? 'FIND guards changed by a good picture' : undefined;
  }

  return { check, checkGood };
}

/** A guard that stays silent proves nothing: writes into the one before the target bitmap and wants to hear of it. */
function provokeGuards(guarded, bytes) {
  const exports = instantiate(guarded);
  goodHash(exports, bytes);
  new Uint8Array(exports.memory.buffer)[exports.rgbaTarget() - 1] ^= 1;
  if (exports.brokenGuards() !== 1) throw new Error('The guards do not notice a write outside a block.');
}

/** A tier below the picture, so that it has to be made smaller; now and then one that leaves its size. */
function smallTier({ width, height }, random) {
  const side = Math.min(400, Math.max(width, height));
  return { name: 'standard', longEdgeMaxPx: Math.max(28, random.chance(0.1) ? side * 2 : 1 + random.below(side)), imageTokensMax: 1 + random.below(200) };
}

function goodHash(exports, bytes) {
  const info = inspectImage(bytes);
  const size = { width: Math.ceil(info.width / 2), height: Math.ceil(info.height / 2) };
  return createHash('sha256')
    .update(transcodeOn(exports, bytes, info, size, IMAGE_BYTES_MAX).bytes)
    .digest('hex');
}
