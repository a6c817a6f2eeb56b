import { expect, test } from 'vitest';
import { jsonText, line, printable, printableLines } from '../src/printable.ts';

test.each([
  ['\u001b[2J', '\\u001b[2J'],
  ['\u009b31m', '\\u009b31m'],
  ['\u007f\u0000', '\\u007f\\u0000'],
  ['abc\u202edef', 'abc\\u202edef'],
  ['\u2066x\u2069', '\\u2066x\\u2069'],
  ['one\ntwo\rthree\u2028', 'one\\u000atwo\\u000dthree\\u2028'],
  ['\ud800', '\\ud800'],
  ['\u{e0041}', '\\udb40\\udc41'],
  ['\u200dx\u200c', '\\u200dx\\u200c'],
  ['\ufeffx\u00ad', '\\ufeffx\\u00ad'],
])('%j cannot act on a terminal', (text, safe) => {
  expect(printable(text)).toBe(safe);
  expect(line`a ${text} z`).toBe(`a ${safe} z`);
});

test.each(['Ana-María Łęcka', 'علی\u200cرضا', 'ක්\u200dෂ', '李小龍', 'plain \\n text', '👍'])(
  'a name stays as it is: %j',
  (name) => {
    expect(printable(name)).toBe(name);
    expect(line`${name}`).toBe(name);
  },
);

test('lines of our own stay lines', () => {
  expect(printableLines('one\ntwo\u001b')).toBe('one\ntwo\\u001b');
});

test('JSON parses to the same value, and has no raw control or format character', () => {
  const value = { a: '\u001b\u009b\u202e\u2028\u{e0041}\u007f\ud800', b: [1, null, 'ñ', '👍'] };
  const text = jsonText(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});
