import { describe, expect, it } from 'vitest';
import {
  inviteFault,
  localPart,
  parseAddress,
  passesEmailAttribute,
} from '../../src/sandbox/people/addresses.ts';
import { enabledCulture, isCulture } from '../../src/sandbox/people/cultures.ts';
import { localeOf, textsOf } from '../../src/sandbox/people/portal-texts.ts';

/** One address under the three rules of the portal: attribute, MailAddress, invite. */
const table: [string, boolean, string | undefined, boolean][] = [
  ['a@x.example', true, 'a@x.example', true],
  ["o'neil+tag@x-y.example", true, "o'neil+tag@x-y.example", true],
  ['jürgen@x.example', true, 'jürgen@x.example', false],
  ["+'_%/&=!#$*^{}~?@x.example", true, "+'_%/&=!#$*^{}~?@x.example", true],
  ['a--b@x.example', true, 'a--b@x.example', true],
  ['a@x--y.example', true, 'a@x--y.example', true],
  ['-a@x.example', true, '-a@x.example', false],
  ['a.b-@x.example', true, 'a.b-@x.example', false],
  ['a-.b@x.example', true, 'a-.b@x.example', false],
  ['a@-x.example', true, 'a@-x.example', false],
  ['a@x-.example', true, 'a@x-.example', false],
  ['ab--c@x.example', true, 'ab--c@x.example', false],
  ['a@xy--z.example', true, 'a@xy--z.example', false],
  [`${'a'.repeat(61)}@x.example`, true, `${'a'.repeat(61)}@x.example`, true],
  [`${'a'.repeat(62)}@x.example`, true, `${'a'.repeat(62)}@x.example`, false],
  [`${'a'.repeat(64)}.b@x.example`, true, `${'a'.repeat(64)}.b@x.example`, false],
  [`a@x.${'y'.repeat(64)}.example`, true, `a@x.${'y'.repeat(64)}.example`, false],
  ['a@bücher.example', true, 'a@bücher.example', false],
  ['a@xn--bcher-kva.example', true, 'a@xn--bcher-kva.example', false],
  ['a@mail.xn--bcher-kva.example', true, 'a@mail.xn--bcher-kva.example', false],
  ['a@localhost', true, 'a@localhost', false],
  ['a@x.e', true, 'a@x.e', false],
  ['a@x.e1', true, 'a@x.e1', false],
  ['Ana <a@x.example>', true, 'a@x.example', false],
  ['<a@x.example>', true, 'a@x.example', false],
  ['Ana Lee a@x.example', true, 'a@x.example', false],
  [' a@x.example ', true, 'a@x.example', false],
  ['"a b"@x.example', true, '"a b"@x.example', false],
  ['a,b@x.example', true, undefined, false],
  ['a@x y.example', true, undefined, false],
  ['a@[x', true, undefined, false],
  ['.a@x.example', true, undefined, false],
  ['a..b@x.example', true, undefined, false],
  ['a;b@x.example', true, undefined, false],
  ['mailto:a@x.example', true, undefined, false],
  ['a b@x.example', true, 'b@x.example', false],
  ['a(c)@x.example', true, 'a@x.example', false],
  ['a', false, undefined, false],
  ['@x.example', false, undefined, false],
  ['a@', false, undefined, false],
  ['a@b@x.example', false, undefined, false],
  ['a@x.example\r\nb', false, undefined, false],
  ['', false, undefined, false],
];

describe('the rules for addresses', () => {
  it.each(table)('hold for %j', (text, passes, address, invitable) => {
    expect(passesEmailAttribute(text)).toBe(passes);
    expect(parseAddress(text)).toBe(address);
    expect(inviteFault(text) === undefined).toBe(invitable);
  });

  it('take the local part up to the last @', () => {
    expect(localPart('"a@b"@x.example')).toBe('"a@b"');
  });

  it('answer at once for a long hostile text', () => {
    const startedAt = performance.now();
    expect(parseAddress(`${'a '.repeat(120)}@`)).toBeUndefined();
    expect(inviteFault(`${'a.'.repeat(120)}@`)).toBe('pattern');
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('the cultures', () => {
  const cultures: [string, boolean, string][] = [
    ['de', true, 'de'],
    ['DE', true, 'de'],
    ['de-AT', true, 'de'],
    ['fr-FR', true, 'fr'],
    ['pt-BR', true, 'pt-BR'],
    ['pt-AO', true, 'pt'],
    ['sr-Latn-RS', true, 'sr-Latn-RS'],
    ['xx', true, 'en-US'],
    ['no such', false, 'en-US'],
    ['', false, 'en-US'],
  ];

  it.each(cultures)('of "%s": well formed %s, enabled %s', (name, wellFormed, enabled) => {
    expect(isCulture(name)).toBe(wellFormed);
    expect(enabledCulture(name)).toBe(enabled);
  });

  it.each([
    ['de-CH', 'de'],
    ['en-GB', 'en'],
    ['fr', 'en'],
  ])('%s is spoken as %s', (culture, locale) => {
    expect(localeOf(culture)).toBe(locale);
  });

  it('say every sentence differently', () => {
    const english = Object.values(textsOf('en')).filter((text) => typeof text === 'string');
    const german = Object.values(textsOf('de')).filter((text) => typeof text === 'string');
    expect(english.filter((text) => german.includes(text))).toEqual([]);
    expect(textsOf('de').disabled('a@x.example')).toMatch(/a@x\.example$/);
    expect(textsOf('de').adminsExceeded(3, 1)).toContain('3/1');
  });
});
