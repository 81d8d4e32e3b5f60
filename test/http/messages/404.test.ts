import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { form } from '../../support/form.ts';
import { UMBRELLA_KEY } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';
import { errorOf, imageBlock, QUESTION, startRelay } from './relay.ts';

const RIGHT = imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg');
const fileBlock = (id: string) => ({ type: 'image', source: { type: 'file', file_id: id } });

/** As the Files API answers for a file that is not there, so that clients which upload again do so here, too. */
describe('POST /v1/messages answers 404', () => {
  beforeEach(emptyStorage);

  it.each([
    [
      'a stored image that is not there',
      { type: 'image', source: { type: 'url', url: `vignette:sha256:${'0'.repeat(64)}` } },
      /^messages\.0\.content\.1: No image sha256:0{64} is stored/,
    ],
    ['a file of somebody', fileBlock('file_011'), /^messages\.0\.content\.1: This file was not uploaded through this service/],
  ] as const)('for %s, names the block, and sends nothing', async (_, block, message) => {
    const service = startRelay();
    const response = await service.ask([RIGHT, block, QUESTION]);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ type: 'not_found_error', message: expect.stringMatching(message), details: { error_code: 'not_found' } });
    expect(service.outgoing).toEqual([]);
  });

  it('for a file that another tenant uploaded, while its owner is answered', async () => {
    const service = startRelay();
    const { id }: any = await (await service.send('/v1/files', form(fixture('jpeg-baseline-444.jpg')))).json();
    service.outgoing.length = 0;
    expect((await service.ask([fileBlock(id), QUESTION], {}, { 'x-api-key': UMBRELLA_KEY })).status).toBe(404);
    expect(service.outgoing).toEqual([]);
    expect((await service.ask([fileBlock(id), QUESTION])).status).toBe(200);
    expect(service.sentContent()[0]).toEqual(fileBlock(id));
  });
});
