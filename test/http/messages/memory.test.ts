import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { joined } from '../../support/picture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

const MIB = 1024 * 1024;
/** A photo taken sideways with so many bytes behind its end; they count for every limit, and no picture has fewer. */
const sideways = (bytes: number) => joined([fixture('jpeg-orientation-6-big-endian.jpg'), new Uint8Array(bytes)]);

/** The same photo with so many bytes of metadata, in APP15 segments of 64 KiB behind its first marker: whole, and so passed on. */
function heavy(file: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const segment = Uint8Array.from([0xff, 0xef, 0xff, 0xff, ...new Uint8Array(0xfffd)]);
  const segments = Array.from({ length: Math.ceil(bytes / segment.length) }, () => segment);
  return joined([file.subarray(0, 2), ...segments, file.subarray(2)]);
}

/** Sent with its length, as clients do: without one the buffer grows by doubling. */
function ask(service: ReturnType<typeof startRelay>, content: unknown[]): Promise<Response> {
  const body = JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 64, messages: [{ role: 'user', content }] });
  return service.sendText(body, { 'content-length': String(body.length) });
}

describe('a large request', () => {
  beforeEach(emptyStorage);

  it('with a sideways photo of more than 10 MB in base64, called a PNG, is answered', async () => {
    const service = startRelay();
    const response = await service.ask([imageBlock(sideways(8 * MIB), 'image/png'), QUESTION]);
    expect(response.status).toBe(200);
    expect((await service.calls())[0].images).toEqual([expect.objectContaining({ media_type: 'image/jpeg', width: 64, height: 32, orientation: 1 })]);
    expect(JSON.parse(response.headers.get('x-vignette-plan') ?? '')).toMatchObject({ images: 1, reencoded: 1 });
  });

  it('of 25 MB in one image holds the body, that image, and what it takes to make it anew', async () => {
    const service = startRelay();
    const bytes = sideways((25 * MIB * 3) / 4);
    expect((await ask(service, [imageBlock(bytes, 'image/jpeg'), QUESTION])).status).toBe(200);
    const body = bytes.toBase64().length;
    expect(service.ledger.peakBytes()).toBeGreaterThan(body + bytes.length);
    expect(service.ledger.peakBytes()).toBeLessThan(body + bytes.length + 2 * MIB);
  });

  it('of 25 MB in five images that fit holds the body and one of them', async () => {
    const service = startRelay();
    const block = imageBlock(heavy(fixture('jpeg-baseline-420.jpg'), 5 * MIB * 0.75), 'image/jpeg');
    expect((await ask(service, [block, block, block, block, block, QUESTION])).status).toBe(200);
    const body = 5 * block.source.data.length;
    expect(service.ledger.peakBytes()).toBeGreaterThan(body);
    expect(service.ledger.peakBytes()).toBeLessThan(body + block.source.data.length * 0.75 + 0.1 * MIB);
  });
});
