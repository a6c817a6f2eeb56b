import { describe, expect, it } from 'vitest';
import { sentence } from '../../src/portal/make-verdict.ts';
import { quotable } from '../../src/privacy/quotable.ts';

describe('quotable', () => {
  it.each([
    ['masks an address', 'User disabled: john.doe@example.com', 'User disabled: j***@example.com'],
    ['masks an address in a link', 'see ?search=ana%40example.com&x=1', 'see ?search=***&x=1'],
    ['masks an address that ends in an apostrophe', "No o'@x.org here", 'No o***@x.org here'],
    ['masks an address of odd characters', "'='@x.org", "'***@x.org"],
    [
      'masks two addresses in one word',
      'a@x.orgbo%40x.org and a@x.orgbo@y.org',
      '*** and a***@y.org',
    ],
    ['makes one line of many', ' one\r\n\ttwo\u0000\u200bthree ', 'one two three'],
    ['takes out a key', 'Bearer sk-0123456789abcdef is bad', 'Bearer [key] is bad'],
    ['leaves other scripts alone', 'Пользователь уже существует', 'Пользователь уже существует'],
  ])('%s', (_what, text, expected) => {
    expect(quotable(text)).toBe(expected);
  });

  it('takes out the key in use, whatever it looks like', () => {
    expect(quotable('you sent hunter2!', 'hunter2!')).toBe('you sent [key]');
    expect(quotable('nothing to hide', '')).toBe('nothing to hide');
  });

  it('cuts to 200 characters, after masking', () => {
    const text = `${'x'.repeat(190)} john.doe@example.com`;
    expect(quotable(text)).toHaveLength(200);
    expect(quotable(text)).not.toContain('john');
    expect(quotable(`${'x'.repeat(190)} sk-0123456789abcdef`)).not.toContain('sk-');
  });

  it('reads only the beginning of a huge text, and leaves no half address behind', () => {
    const masked = quotable(`${'a'.repeat(1000)}@x.com ${'b'.repeat(2985)} john.doe@example.com`);
    expect(masked).not.toContain('john');
    const startedAt = performance.now();
    quotable('a'.repeat(5_000_000));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('sentence', () => {
  it('says what happened, the status and the words, as far as there are any', () => {
    expect(sentence('It failed', {})).toBe('It failed.');
    expect(sentence('It failed', { status: 500, quote: '' })).toBe('It failed (HTTP 500).');
    expect(sentence('It failed', { status: 500, quote: 'Oh' })).toBe('It failed (HTTP 500): "Oh".');
  });
});
