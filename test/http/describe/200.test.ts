import { describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';

describe('POST /v1/describe', () => {
  it('describes an uploaded image and says what Claude saw', async () => {
    const service = startService();
    const bytes = fixture('jpeg-baseline-420.jpg');
    const response = await service.upload('/v1/describe', bytes);
    expect(response.status).toBe(200);
    const body = (await response.json()) as any;
    expect(body.descriptions).toEqual([{ language: 'en', alt_text: expect.stringContaining('Simulated') }]);
    expect(body.images[0].sent).toMatchObject({ transform: 'none', source: 'base64', bytes: bytes.length });
    expect(body.cache.status).toBe('miss');
    expect(response.headers.get('x-request-id')).toBe(body.id);
  });

  it('answers the same image again from the cache, without a second call', async () => {
    const service = startService();
    const bytes = fixture('png-rgb8.png');
    await service.upload('/v1/describe?max_tokens=777', bytes, 'image/png');
    const again = (await (await service.upload('/v1/describe?max_tokens=777', bytes, 'image/png')).json()) as any;
    expect(again.cache.status).toBe('hit');
    expect(again.usage).toMatchObject({ input_tokens: 0, output_tokens: 0, cost_usd: 0 });
    expect((await service.simulate('bill')).total.calls).toBe(1);
  });
});
