import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../../src/core/relay/redact.ts';

const REDACTED = '[redacted]';

describe('an error without secrets', () => {
  it.each([
    ['as it is', 'token/with+every=kind', 'x token/with+every=kind y'],
    ['within JSON', 'a"b\\c-and-more', String.raw`{"x":"a\"b\\c-and-more"}`],
    ['within JSON that escapes slashes', 'token/of/a-session', String.raw`{"x":"token\/of\/a-session"}`],
    ['within an address', 'token/with+every=kind', 'https://a.test/?t=token%2Fwith%2Bevery%3Dkind&u=1'],
    ['more than once', 'token-of-ours', 'token-of-ourstoken-of-ours'],
  ])('has none of the values that are given: %s', (_, secret, text) => {
    const redacted = redactSecrets(text, [secret]);
    expect(redacted).toContain(REDACTED);
    expect(redacted).not.toMatch(/token|and-more|session/);
  });

  it('has nothing left of a value that begins with another one', () => {
    expect(redactSecrets('token-of-ours-and-more', ['token-of-ours', 'token-of-ours-and-more'])).toBe(REDACTED);
  });

  it.each([
    ['sk-ant-api03-abc_DEF-1'],
    ['vgn_0123456789abcdef'],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['ya29.a0AfH6SMBx-y_z'],
    ['Bearer 0123456789abcdef'],
    ['basic dXNlcjpwYXNzd29yZA=='],
    [`Signature=${'0123456789abcdef'.repeat(4)}`],
  ])('has nothing that looks like a secret: %s', (secret) => {
    expect(redactSecrets(`["authorization","${secret}"]`, [])).toBe(`["authorization","${REDACTED}"]`);
    expect(redactSecrets(JSON.stringify(`a\n${secret}\nb`), [])).toBe(JSON.stringify(`a\n${REDACTED}\nb`));
  });

  it.each([
    'messages.0.content.1.image.source.base64: The image was specified using the image/jpeg media type',
    'Send a bearer token, or basic authentication. A Bearer 0123456789abcde is too short.',
    'Unable to download https://a.example.com/b.png?width=100&signature=abc',
    'x-api-key header is required',
  ])('is as it was where it has none: %s', (text) => {
    // Neither an empty value nor one that may be met by chance is taken for a secret.
    expect(redactSecrets(text, ['', 'image', 'x-api-k'])).toBe(text);
  });

  it('is JSON if it was, whatever the value', () => {
    for (const secret of ['back\\slash"quote', 'plain-token-value', 'Bearer 0123456789abcdef0', 'line\nfeed\u0001"']) {
      const text = JSON.stringify({ a: secret, b: [`x${secret}`, 1], [secret]: null });
      const redacted = redactSecrets(text, [secret]);
      expect(JSON.parse(redacted)).toEqual({ a: REDACTED, b: [`x${REDACTED}`, 1], [REDACTED]: null });
    }
  });
});
