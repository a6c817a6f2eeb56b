import { expect, test } from 'vitest';
import { emailIdentity } from '../../src/people/person.ts';
import { maskEmail } from '../../src/privacy/redact.ts';

test('two spellings of one address have one identity', () => {
  expect(emailIdentity('  Jose\u0301@X.COM ')).toBe(emailIdentity('josé@x.com'));
});

test('a masked address keeps its first letter and its domain', () => {
  expect(maskEmail('ana@example.com')).toBe('a***@example.com');
  expect(maskEmail('@example.com')).toBe('***');
});
