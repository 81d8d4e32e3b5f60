import { describe, expect, it } from 'vitest';
import { readSharedAnswer, SHARED_CHARACTERS_MAX, shareMessage } from '../../../src/core/cache/shared-answer.ts';

const NOW_MS = 1_800_000_000_999;

const ASKED = { ids: ['claude-haiku-5-5'] };

const messageOf = (content: readonly object[], more: object = {}) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content,
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
  ...more,
});
const TEXT = { type: 'text', text: 'Yes.' };
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'the harbour' } };

describe('a whole Message', () => {
  it('in text is for those who wait and for those who come later', () => {
    const message = messageOf([TEXT]);
    expect(shareMessage(message, ASKED, NOW_MS)).toEqual({ shared: { kind: 'message', createdAtSeconds: 1_800_000_000, message }, isForWaiting: false });
  });

  it.each([
    ['a refusal', messageOf([], { stop_reason: 'refusal' })],
    ['only thinking', messageOf([{ type: 'thinking', thinking: 'Hm.', signature: 's' }])],
    ['only spaces', messageOf([{ type: 'text', text: ' \n\u00a0\u200b' }])],
    ['another model', messageOf([TEXT], { model: 'claude-opus-5-5' })],
    ['a truncation', messageOf([TEXT], { stop_reason: 'max_tokens' })],
    ['a call of a tool', messageOf([CALL], { stop_reason: 'tool_use' })],
    ['words and calls of tools', messageOf([TEXT, CALL, { ...CALL, id: 'toolu_2' }], { stop_reason: 'tool_use' })],
  ])('is for those alone who wait: %s', (_, message) => {
    expect(shareMessage(message, ASKED, NOW_MS)).toMatchObject({ shared: { kind: 'message', message }, isForWaiting: true });
  });

  it.each([
    ['a tool of the provider', messageOf([{ ...CALL, type: 'server_tool_use' }])],
    ['its result', messageOf([{ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }])],
    ['a block that is not known', messageOf([{ type: 'later' }])],
    ['no content', { ...messageOf([]), content: undefined }],
    ['no reason to stop', messageOf([TEXT], { stop_reason: null })],
    ['a role of the user', messageOf([TEXT], { role: 'user' })],
    ['no usage', messageOf([TEXT], { usage: undefined })],
    ['usage that cannot be', messageOf([TEXT], { usage: { input_tokens: -1, output_tokens: 1 } })],
    ['content as a string', messageOf([], { content: 'Yes.' })],
    ['text that is none', messageOf([{ type: 'text', text: null }])],
    ['a container', messageOf([TEXT], { container: { id: 'container_1' } })],
    ['a number that would be rounded', messageOf([{ ...CALL, input: { ids: [1, { id: 2 ** 53 }] } }])],
    ['a number that is none', messageOf([{ ...CALL, input: { at: -Infinity } }])],
  ])('is for nobody with %s', (_, message) => {
    expect(shareMessage(message, ASKED, NOW_MS)).toEqual({ shared: { kind: 'unshared' }, isForWaiting: true });
  });

  it('has numbers up to the largest that is exact', () => {
    const input = { ids: [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 0.1, 1e-7] };
    expect(shareMessage(messageOf([{ ...CALL, input }]), ASKED, NOW_MS).shared.kind).toBe('message');
  });

  it.each([
    [-1, 'message'],
    [0, 'message'],
    [1, 'unshared'],
  ])(`of ${SHARED_CHARACTERS_MAX} characters and %i more is shared: %s`, (more, kind) => {
    const frame = JSON.stringify(messageOf([{ type: 'text', text: '' }])).length;
    const text = 'x'.repeat(SHARED_CHARACTERS_MAX - frame + more);
    expect(shareMessage(messageOf([{ type: 'text', text }]), ASKED, NOW_MS).shared.kind).toBe(kind);
  });
});

describe('what another request wrote', () => {
  it('is read as it was written', () => {
    for (const content of [[TEXT], [CALL]]) {
      const { shared } = shareMessage(messageOf(content), ASKED, NOW_MS);
      expect(readSharedAnswer(JSON.parse(JSON.stringify(shared)))).toEqual(shared);
    }
    const error = { kind: 'error', status: 429, headers: [['retry-after', '7']], text: '{}' };
    expect(readSharedAnswer(error)).toEqual(error);
    expect(readSharedAnswer({ kind: 'unshared' })).toEqual({ kind: 'unshared' });
  });

  it.each([[{ kind: 'error', status: 200, headers: [], text: '' }], [{ kind: 'message', message: {} }], [{ kind: 'later' }], ['x'], [null]])(
    'is nothing where it is not valid: %o',
    (value) => {
      expect(readSharedAnswer(value)).toBe(undefined);
    },
  );
});
