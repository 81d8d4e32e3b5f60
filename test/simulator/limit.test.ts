import { describe, expect, it } from 'vitest';
import { Client, errorOf, HEADERS, imageBlock } from './client.ts';
import { BLUE, draw, encodePng } from './picture.ts';

describe('bounds of the simulator', () => {
  it.each([
    [100_000, 200],
    [100_001, 400],
  ])('a batch of %i requests answers %i', async (count, status) => {
    const requests = Array.from({ length: count }, (_, index) => ({ custom_id: `r${index}`, params: {} }));
    const response = await new Client().post('/v1/messages/batches', { requests });
    expect(response.status).toBe(status);
  });

  it('a file that is declared larger than 500 MB is refused before it is read', async () => {
    const { app } = new Client();
    const headers = { ...HEADERS, 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(501 * 1024 * 1024) };
    const response = await app.request('/v1/files', { method: 'POST', headers, body: '--x--' });
    expect(await errorOf(response)).toMatchObject({ status: 413, type: 'request_too_large' });
  });

  it.each([
    [2_000, true],
    [2_001, false],
  ])('2000 x %i pixels are decoded: %s', async (height, isDecoded) => {
    const client = new Client();
    const plain = { width: 2_000, height, data: new Uint8ClampedArray(2_000 * height * 4).fill(200) };
    expect((await client.ask([imageBlock(await encodePng(plain), 'image/png')])).status).toBe(200);
    expect((await client.records())[0]).toMatchObject({ images: [{ decoded: isDecoded, height }] });
  });

  it('a thousand faults may wait, and one more may not', async () => {
    const client = new Client();
    await client.fault(...Array<string>(999).fill('latency'));
    await client.fault('overloaded');
    const refused = await client.post('/simulator/faults', { faults: ['overloaded'] });
    expect(refused.status).toBe(400);
    expect(await (await client.get('/simulator/faults')).json()).toMatchObject({ faults: { length: 1_000 } });
  });

  it('a long body is remembered by its length, a short one whole and without base64', async () => {
    const client = new Client();
    const image = imageBlock(await encodePng(draw(4, 4, () => BLUE)), 'image/png');
    await client.ask([image, { type: 'text', text: 'short' }]);
    await client.ask('x'.repeat(70_000));
    const [short, long] = await client.records();
    expect(JSON.stringify(short)).toMatch(/"data":"\(\d+ characters\)"/);
    expect(short).toMatchObject({ body: { messages: [{ content: [{}, { text: 'short' }] }] } });
    expect(long?.['body']).toMatch(/^\(\d+ characters of JSON\)$/);
  });
});
