import { beforeEach, describe, expect, it } from 'vitest';
import { form } from '../../support/form.ts';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

// Of each test its own, since the indexes of pictures outlive it.
let CONTENT: object[];
const AS_FILE = { 'x-vignette-source': 'file' };

/** A relay whose next requests of messages, so many as are said, find their files gone. */
function start() {
  const state = { gone: 0 };
  const service = startRelay({
    wire: async (request, next) => {
      if (new URL(request.url).pathname !== '/v1/messages' || state.gone === 0) return next(request);
      state.gone -= 1;
      return Response.json({ type: 'error', error: { type: 'not_found_error', message: 'File has expired: file_1' } }, { status: 404 });
    },
  });
  return { service, state, kinds: async () => (await service.calls()).map(({ method, path }: any) => `${method} ${path}`) };
}

describe('a file that Claude no longer has', () => {
  beforeEach(async () => {
    await emptyStorage();
    CONTENT = [imageBlock(await pngPicture(9, 9, { comment: crypto.randomUUID() }), 'image/png'), QUESTION];
  });

  it('is uploaded anew, and the request answered; one call is billed', async () => {
    const { service, state, kinds } = start();
    expect((await service.ask(CONTENT, {}, AS_FILE)).status).toBe(200);
    state.gone = 1;
    expect((await service.ask(CONTENT, {}, AS_FILE)).status).toBe(200);
    expect(await kinds()).toEqual(['POST /v1/files', 'POST /v1/messages', 'POST /v1/files', 'POST /v1/messages']);
  });

  it('is not uploaded a third time', async () => {
    const { service, state, kinds } = start();
    state.gone = 2;
    expect((await service.ask(CONTENT, {}, AS_FILE)).status).toBe(404);
    expect(await kinds()).toEqual(['POST /v1/files', 'POST /v1/files']);
  });

  it("is the caller's affair where he named it himself", async () => {
    const { service, state, kinds } = start();
    const { id } = (await (await service.send('/v1/files', form(fixture('jpeg-gray.jpg')))).json()) as any;
    const own = { type: 'image', source: { type: 'file', file_id: id } };
    expect((await service.ask([own, QUESTION])).status).toBe(200);
    state.gone = 1;
    expect((await service.ask([own, QUESTION])).status).toBe(404);
    expect(await kinds()).toEqual(['POST /v1/files', 'POST /v1/messages']);
  });
});
