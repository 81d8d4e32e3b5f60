import { describe, expect, it } from 'vitest';
import { answerSchema, buildMessageRequest, estimateFrameTokens, type OutgoingImage, outputTokensMax } from '../../../src/core/message/request.ts';
import { findModel } from '../../../src/core/vision/model.ts';
import { asked, images } from './asked.ts';

const MODEL = findModel('claude-haiku-4-5');
const SIZED: OutgoingImage = { kind: 'base64', mediaType: 'image/jpeg', data: 'Zg==', isSized: true };
const UNSIZED: OutgoingImage = { ...SIZED, isSized: false };
const BY_URL: OutgoingImage = { kind: 'url', url: 'https://images.example.com/a.jpg' };

function contentOf(sent: readonly OutgoingImage[], guards = true, request = asked({ images: images(sent.length) })) {
  return buildMessageRequest(request, MODEL, sent, guards).messages[0].content;
}

describe('a Messages request', () => {
  it('has one image first, without a label, and the question last', () => {
    expect(contentOf([SIZED]).map(({ type }) => type)).toEqual(['image', 'text']);
  });

  it('has each of several images behind its label, and the question last', () => {
    const content = contentOf([SIZED, BY_URL, UNSIZED]);
    expect(content.map((block) => (block.type === 'text' ? block.text : block.source.type))).toEqual([
      'Image 1:',
      'base64',
      'Image 2:',
      'url',
      'Image 3:',
      'base64',
      expect.stringContaining('Describe the 3 images together'),
    ]);
  });

  it('has base64 and url sources in the form that the API documents', () => {
    expect(contentOf([UNSIZED, BY_URL]).filter(({ type }) => type === 'image')).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'Zg==' } },
      { type: 'image', source: { type: 'url', url: 'https://images.example.com/a.jpg' } },
    ]);
  });

  it.each([
    ['a picture that we sized', SIZED, true, true],
    ['a picture that we sized, with the guard switched off', SIZED, false, false],
    ['a picture that goes out as it came', UNSIZED, true, false],
    ['a picture that Claude fetches', BY_URL, true, false],
  ])('guards against silent resizing only where it can vouch: %s', (_, image, guards, isGuarded) => {
    const [block] = contentOf([image], guards);
    expect(block).toHaveProperty('type', 'image');
    if (isGuarded) expect(block).toHaveProperty('transformations', { oversized_image: 'error' });
    else expect(block).not.toHaveProperty('transformations');
  });

  it('has the model as the caller wrote it', () => {
    const request = asked({ model: 'us.anthropic.claude-haiku-4-5' });
    expect(buildMessageRequest(request, MODEL, [SIZED], true).model).toBe('us.anthropic.claude-haiku-4-5');
  });

  it('has nothing in it that the API does not know', () => {
    const request = asked({ prompt: 'What?', metadata: { a: 1 }, cache: 'refresh', detail: 'high' });
    expect(Object.keys(buildMessageRequest(request, MODEL, [SIZED], true)).toSorted()).toEqual(['max_tokens', 'messages', 'model', 'system']);
  });

  it.each([
    ['claude-haiku-4-5', undefined, 1_024],
    ['claude-haiku-5-5', undefined, 4_096],
    ['claude-opus-5-5', undefined, 4_096],
    ['claude-haiku-5-5', 9, 9],
    ['claude-haiku-4-5', 16_000, 16_000],
  ])('leaves %s room for its thinking: max_tokens %s is %i', (id, maxTokens, expected) => {
    const request = asked(maxTokens === undefined ? {} : { max_tokens: maxTokens });
    expect(outputTokensMax(request, findModel(id))).toBe(expected);
    expect(buildMessageRequest(request, findModel(id), [SIZED], true).max_tokens).toBe(expected);
  });
});

describe('the schema of an answer', () => {
  it('has an entry for each language, every field required, and nothing else', () => {
    expect(answerSchema(asked({ fields: ['alt_text', 'caption'], languages: ['en', 'de'] }))).toEqual({
      type: 'object',
      properties: {
        descriptions: {
          type: 'array',
          items: {
            type: 'object',
            properties: { language: { type: 'string', enum: ['de', 'en'] }, alt_text: { type: 'string' }, caption: { type: 'string' } },
            required: ['language', 'alt_text', 'caption'],
            additionalProperties: false,
          },
        },
      },
      required: ['descriptions'],
      additionalProperties: false,
    });
  });

  it('has a place for the answer when a question goes with the fields', () => {
    expect(JSON.stringify(answerSchema(asked({ fields: ['caption'], prompt: 'How many?' })))).toContain('"required":["language","caption","answer"]');
  });

  it('goes with fields, and stays away from a question alone', () => {
    expect(buildMessageRequest(asked(), MODEL, [SIZED], true).output_config).toEqual({ format: { type: 'json_schema', schema: answerSchema(asked()) } });
    expect(buildMessageRequest(asked({ prompt: 'How many?' }), MODEL, [SIZED], true)).not.toHaveProperty('output_config');
  });
});

describe('the estimate of everything but the pictures', () => {
  it('grows with each thing that is sent', () => {
    const base = estimateFrameTokens(asked());
    expect(base).toBeGreaterThan(0);
    const grown = [
      asked({ system: 'Be brief.' }),
      asked({ prompt: 'How many?', fields: ['alt_text'] }),
      asked({ context: { page_title: 'Harbours' } }),
      asked({ languages: ['en', 'de'] }),
      asked({ fields: ['alt_text', 'description'] }),
      asked({ images: images(2) }),
    ];
    for (const request of grown) expect(estimateFrameTokens(request)).toBeGreaterThan(base);
  });
});
