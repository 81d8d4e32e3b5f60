import { beforeEach, describe, expect, it } from 'vitest';
import { isolateDoor } from '../../../src/isolate/door.ts';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const PNG = fixture('png-gray8.png');

describe('POST /v1/describe through a narrow door', () => {
  beforeEach(emptyStorage);

  it('one place is enough while all the others wait for Claude', async () => {
    const service = startService({ ports: { door: isolateDoor(1) } });
    await service.fail({ kind: 'latency', latency_ms: 100, times: 3 });
    const answers = await Promise.all(['a', 'b', 'c'].map((prompt) => service.upload(`/v1/describe?prompt=${prompt}`, PNG, 'image/png')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('of identical requests the followers need no place while they wait', async () => {
    const service = startService({ ports: { door: isolateDoor(1) } });
    await service.fail({ kind: 'latency', latency_ms: 200 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.upload('/v1/describe', PNG, 'image/png')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await service.simulate('bill')).total.calls).toBe(1);
  });
});
