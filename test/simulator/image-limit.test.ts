import { describe, expect, it } from 'vitest';
import { Client, errorOf, imageBlock, request, toBase64 } from './client.ts';
import { BLUE, draw, encodeGif, encodeJpeg, encodePng, pngHeaderOf, WHITE } from './picture.ts';

const SMALL = draw(8, 8, () => BLUE);

async function refusal(content: unknown, fields: Record<string, unknown> = {}): Promise<string> {
  const error = await errorOf(await new Client().ask(content, fields));
  expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
  return error.message;
}

/** Base64 of a valid PNG followed by zero bytes, `characters` long: padding after IEND is no fault. */
async function base64OfLength(characters: number): Promise<string> {
  const bytes = new Uint8Array((characters / 4) * 3);
  bytes.set(await encodePng(SMALL));
  return toBase64(bytes);
}

function base64Block(data: string, mediaType = 'image/png'): unknown {
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
}

describe('base64 sources', () => {
  it('10,485,760 characters are taken, four more are refused with both numbers', async () => {
    const client = new Client();
    expect((await client.ask([base64Block(await base64OfLength(10_485_760))])).status).toBe(200);
    const tooLong = await errorOf(await client.ask([base64Block(await base64OfLength(10_485_764))]));
    expect(tooLong.message).toBe('messages.0.content.0.image.source.base64: image exceeds 10 MB maximum: 10485764 bytes > 10485760 bytes');
  });

  it.each([
    ['a data: prefix', 'data:image/png;base64,iVBORw0KGgo='],
    ['a line break', 'iVBO\nRw0KGgo='],
    ['a letter too few', 'iVBORw0KGg='],
    ['another alphabet', 'iVBORw0K_-o='],
  ])('%s is invalid base64', async (_, data) => {
    expect(await refusal([base64Block(data)])).toBe('messages.0.content.0.image.source.base64: invalid base64 data');
  });

  it('an empty image is refused', async () => {
    expect(await refusal([base64Block('')])).toContain('image cannot be empty');
  });

  it('a media type that is not one of the four is refused', async () => {
    expect(await refusal([base64Block('AAAA', 'image/heic')])).toBe(
      "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
    );
  });

  it('a media type that the bytes contradict is refused with both types', async () => {
    expect(await refusal([imageBlock(await encodeJpeg(SMALL), 'image/png')])).toContain(
      'The image was specified using the image/png media type, but the image appears to be a image/jpeg image',
    );
  });

  it.each([
    ['no image at all', Uint8Array.of(1, 2, 3)],
    ['a lone signature', Uint8Array.of(0xff, 0xd8, 0xff)],
  ])('%s could not be processed', async (_, bytes) => {
    expect(await refusal([imageBlock(bytes, 'image/jpeg')])).toBe('Could not process image');
  });

  it('image data that stops after the header could not be processed', async () => {
    const png = await encodePng(draw(64, 64, (x) => [x, 0, 0]));
    expect(await refusal([imageBlock(png.subarray(0, 60), 'image/png')])).toBe('Could not process image');
  });

  it('the image is named by its place, in later turns and in tool results too', async () => {
    const turns = [
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'camera', input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [base64Block('!')] }],
      },
    ];
    expect(await refusal('', { messages: turns })).toBe('messages.2.content.0.tool_result.content.0.image.source.base64: invalid base64 data');
  });
});

describe('sides', () => {
  it.each([7_999, 8_000])('%i px are taken', async (side) => {
    const file = imageBlock(await pngHeaderOf(side, 1_000), 'image/png');
    expect((await new Client().ask([file])).status).toBe(200);
  });

  it.each([
    [8_001, 10],
    [10, 8_001],
  ])('%i x %i is refused', async (width, height) => {
    const file = imageBlock(await pngHeaderOf(width, height), 'image/png');
    expect(await refusal([file])).toMatch(/At least one of the image dimensions exceed max allowed size: 8000 pixels$/);
  });

  it.each([
    [20, 2_001, 200],
    [21, 2_000, 200],
    [21, 2_001, 400],
  ])('%i images with a side of %i px answer %i', async (count, side, status) => {
    const small = imageBlock(encodeGif(SMALL, [WHITE, BLUE]), 'image/gif');
    const large = imageBlock(await encodePng(draw(side, 1, () => BLUE)), 'image/png');
    const response = await new Client().ask([large, ...Array<unknown>(count - 1).fill(small)]);
    expect(response.status).toBe(status);
    if (status === 400) {
      expect((await errorOf(response)).message).toContain('exceed max allowed size for many-image requests: 2000 pixels');
    }
  });

  it('images of earlier turns and of tool results make a many-image request', async () => {
    const small = imageBlock(encodeGif(SMALL, [WHITE, BLUE]), 'image/gif');
    const large = imageBlock(await encodePng(draw(2_001, 1, () => BLUE)), 'image/png');
    const messages = [
      { role: 'user', content: Array<unknown>(10).fill(small) },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'camera', input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: Array<unknown>(10).fill(small) }, large],
      },
    ];
    expect(await refusal('', { messages })).toContain('many-image requests');
  });

  it('images inside a document count among the many', async () => {
    const small = imageBlock(encodeGif(SMALL, [WHITE, BLUE]), 'image/gif');
    const large = imageBlock(await encodePng(draw(2_001, 1, () => BLUE)), 'image/png');
    const document = { type: 'document', source: { type: 'content', content: Array<unknown>(20).fill(small) } };
    expect(await refusal([document, large])).toContain('many-image requests');
  });
});

describe('number of images', () => {
  it.each([
    ['claude-haiku-4-5', 100, 200],
    ['claude-haiku-4-5', 101, 400],
    ['claude-haiku-5-5', 600, 200],
    ['claude-haiku-5-5', 601, 400],
  ])('%s answers %i images with the right status', async (model, count, status) => {
    const small = imageBlock(
      encodeGif(
        draw(1, 1, () => BLUE),
        [WHITE, BLUE],
      ),
      'image/gif',
    );
    const response = await new Client().ask(Array<unknown>(count).fill(small), { model });
    expect(response.status).toBe(status);
    if (status === 400) {
      expect((await errorOf(response)).message).toBe(`Too much media: 0 document pages + ${count} images > ${count - 1}`);
    }
  });
});

describe('the oversized guard', () => {
  it('names the size that fits, on the tier of the model', async () => {
    const file = imageBlock(await pngHeaderOf(1_920, 1_080), 'image/png', {
      transformations: { oversized_image: 'error' },
    });
    expect(await refusal([file], { model: 'claude-haiku-4-5' })).toMatch(
      /image dimensions 1920x1080 exceed the maximum image size .* would be downsized to 1456x819; scale the image to at most 1456x819 or set the image's oversized_image setting to "downsize"$/,
    );
  });

  it('lets pass what fits, and resizes silently without it', async () => {
    const client = new Client();
    const file = await encodePng(draw(1_456, 819, () => BLUE));
    const guarded = imageBlock(file, 'image/png', { transformations: { oversized_image: 'error' } });
    expect((await client.ask([guarded], { model: 'claude-haiku-4-5' })).status).toBe(200);
    const large = imageBlock(await encodePng(draw(1_920, 1_080, () => BLUE)), 'image/png');
    expect((await client.ask([large], { model: 'claude-haiku-4-5' })).status).toBe(200);
    const [, record] = await client.records();
    expect(record).toMatchObject({
      images: [{ width: 1_920, resized: { width: 1_456, height: 819 }, image_tokens: 52 * 30 }],
    });
  });

  it('a setting that does not exist is refused', async () => {
    const file = imageBlock(await encodePng(SMALL), 'image/png', {
      transformations: { oversized_image: 'crop' },
    });
    expect(await refusal([file])).toContain("oversized_image: Input should be 'downsize' or 'error'");
  });

  it('a field that images do not have is refused', async () => {
    const file = imageBlock(await encodePng(SMALL), 'image/png', { detail: 'high' });
    expect(await refusal([file])).toBe('messages.0.content.0.image.detail: Extra inputs are not permitted');
  });
});

describe('body', () => {
  it('more than 32 MB are refused before they are read', async () => {
    const half = 'x'.repeat(17 * 1024 * 1024);
    const response = await new Client().post('/v1/messages', request([{ type: 'text', text: half + half }]));
    expect(await errorOf(response)).toMatchObject({
      status: 413,
      type: 'request_too_large',
      message: 'Request exceeds the maximum size',
    });
  });
});
