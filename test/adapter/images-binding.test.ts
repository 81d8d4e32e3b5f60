import { describe, expect, it } from 'vitest';
import { type ImagesService, imagesConverter } from '../../src/adapter/images-binding.ts';

const OPTIONS = { size: { width: 30, height: 20 }, mediaType: 'image/jpeg', quality: 85, bytesMax: 10 } as const;

/** A binding that gives `output`, or fails with `error`, and notes what it was asked. */
function images(output: Uint8Array<ArrayBuffer> | Error) {
  const asked: unknown[] = [];
  const transformer = {
    transform: (options: unknown) => {
      asked.push(options);
      return transformer;
    },
    output: async (options: unknown) => {
      asked.push(options);
      if (output instanceof Error) throw output;
      return { image: () => new Response(output).body };
    },
  };
  const input = (stream: ReadableStream<Uint8Array>) => {
    asked.push(stream);
    return transformer;
  };
  return { service: { input } as unknown as ImagesService, asked };
}

describe('the Images binding', () => {
  it('is asked for exactly the planned size, and its bytes come back', async () => {
    const { service, asked } = images(Uint8Array.of(1, 2, 3));
    expect(await imagesConverter(service).convert(Uint8Array.of(9, 8), OPTIONS)).toEqual(Uint8Array.of(1, 2, 3));
    expect(new Uint8Array(await new Response(asked[0] as ReadableStream).arrayBuffer())).toEqual(Uint8Array.of(9, 8));
    expect(asked.slice(1)).toEqual([
      { width: 30, height: 20, fit: 'squeeze' },
      { format: 'image/jpeg', quality: 85 },
    ]);
  });

  it.each([
    [10, undefined],
    [11, 'image_too_large'],
  ] as const)('%i bytes of at most 10: %s', async (bytes, code) => {
    const converting = imagesConverter(images(new Uint8Array(bytes)).service).convert(new Uint8Array(1), OPTIONS);
    if (code === undefined) expect((await converting).length).toBe(bytes);
    else await expect(converting).rejects.toMatchObject({ code });
  });

  it.each([
    ['what is no image', Object.assign(new Error('no'), { code: 9412 }), 'image_undecodable'],
    ['a service that fails', Object.assign(new Error('no'), { code: 9523 }), 'overloaded'],
    ['a connection that breaks', new TypeError('lost'), 'overloaded'],
  ])('%s is a fault of its own', async (_, error, code) => {
    await expect(imagesConverter(images(error).service).convert(new Uint8Array(1), OPTIONS)).rejects.toMatchObject({ code });
  });
});
