import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanCell } from '../../src/intake/cells/clean-cell.ts';
import { type Column, columns } from '../../src/intake/entry.ts';
import { entriesFrom } from './intake-fixtures.ts';

type Case = [what: string, column: Column, cell: string, text: string, change: RegExp | undefined];
const invisible = (...codes: string[]) =>
  new RegExp(`removed \\(${codes.join(', ').replaceAll('+', '\\+')}\\)$`);

const cases: Case[] = [
  ['a zero width space in a name', 'firstName', 'An\u200ba', 'Ana', invisible('U+200B')],
  ['a joiner in a Persian name', 'firstName', 'علی\u200cرضا', 'علیرضا', invisible('U+200C')],
  ['marks of direction', 'lastName', '\u200fכהן\u200e', 'כהן', invisible('U+200F', 'U+200E')],
  ['an isolate', 'lastName', '\u2068Lima\u2069', 'Lima', invisible('U+2068', 'U+2069')],
  ['a soft hyphen', 'firstName', 'Soft\u00adhyphen', 'Softhyphen', invisible('U+00AD')],
  ['the mark of a file', 'firstName', '\ufeffAna', 'Ana', invisible('U+FEFF')],
  [
    'many kinds',
    'firstName',
    'A\u200b\u200c\u200d\u2060na',
    'Ana',
    /\(U\+200B, U\+200C, U\+200D, …\)$/,
  ],
  ['one at the end of an address', 'email', 'a@b.org\u200b', 'a@b.org', invisible('U+200B')],
  [
    'an address between marks',
    'email',
    '\u202aa@b.org\u202c ',
    'a@b.org',
    invisible('U+202A', 'U+202C'),
  ],
  ['one inside an address', 'email', 'a\u200b@b.org', 'a\u200b@b.org', undefined],
  ['one inside a type', 'type', 'Us\u200ber', 'User', invisible('U+200B')],
  ['one at the end of a comment', 'comment', 'tea\u200b', 'tea', invisible('U+200B')],
  ...['\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212'].map(
    (dash): Case => [
      `the dash ${dash}`,
      'firstName',
      `Anne${dash}Marie`,
      'Anne-Marie',
      /hyphen \(U\+2/,
    ],
  ),
  ['a dash at the end', 'firstName', 'Anne\u2013', 'Anne\u2013', undefined],
  ['a dash in an address', 'email', 'a\u2011b@c.org', 'a-b@c.org', /email: a dash became a hyphen/],
  ...['\u00a0', '\u202f', '\u3000', '\u2009'].map(
    (space): Case => [
      `a space ${escape(space)}`,
      'lastName',
      `Van${space}Anh`,
      'Van Anh',
      /plain one \(U\+/,
    ],
  ),
  ...['\u2018', '\u2019', '\u02bb', '\u02bc', '\u00b4', '`'].map(
    (mark): Case => [
      `the apostrophe ${mark}`,
      'firstName',
      `D${mark}Angelo`,
      "D'Angelo",
      undefined,
    ],
  ),
  ['a backtick in an address', 'email', 'a`b@c.org', 'a`b@c.org', undefined],
  ['full width in an address', 'email', 'ａ１＠ｂ．ｏｒｇ', 'a1@b.org', /full-width .*\(U\+FF41/],
  ['full width in a name', 'firstName', 'Ａｎａ', 'Ａｎａ', undefined],
  ['a link', 'email', 'MailTo:a@b.org', 'a@b.org', /"mailto:" was removed$/],
  ['a link in a comment', 'comment', 'mailto:a@b.org', 'mailto:a@b.org', undefined],
  [
    'line breaks',
    'comment',
    'tea\r\nand\tcake\u2028now',
    'tea and cake now',
    /line breaks or tabs/,
  ],
  ['a line break in a name', 'firstName', 'An\na', 'An\na', undefined],
  ['nothing to clean', 'firstName', "Jean-Luc O'Neil", "Jean-Luc O'Neil", undefined],
];

test.each(cases)('%s (%s)', (_what, column, cell, text, change) => {
  const cleaned = cleanCell(column, cell);
  expect(cleaned.text).toBe(text);
  expect(cleaned.changes).toEqual(change === undefined ? [] : [expect.stringMatching(change)]);
  for (const each of cleaned.changes) expect(each.startsWith(`${column}: `)).toBe(true);
});

test('a cleaned cell is clean, and no sentence repeats the cell', () => {
  const cell = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\u200b', '\ufeff', '\u00a0', '\u2013', '`', '＠', '\n', 'Q', 'é'),
      fc.string({ maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(fc.constantFrom(...columns), cell, (column, text) => {
      const once = cleanCell(column, text);
      expect(cleanCell(column, once.text).text).toBe(once.text);
      for (const change of once.changes) expect(change).not.toMatch(/[Qé\u200b\ufeff]/);
    }),
  );
});

// A pattern with `+$` would take minutes here, longer than a test may.
test('500,000 invisible characters before a letter are cleaned at once', () => {
  const cell = `x${'\u200b'.repeat(500_000)}y`;
  expect(cleanCell('comment', cell).text).toBe(cell);
});

const header = 'email,first_name,last_name,comment\n';

test('what was changed is a warning of the row, what is refused names its character', async () => {
  const rows = ['a@b.org,An\u200ba,Lee,', 'b@c\u00ad.org,Bo,Lee,', 'c@d.org,C\u2019y,Lee,'].join(
    '\n',
  );
  expect(await entriesFrom('p.csv', header + rows)).toMatchObject([
    {
      person: { firstName: 'Ana' },
      warnings: ['firstName: invisible characters were removed (U+200B)'],
    },
    {
      faults: [
        {
          code: 'email-domain',
          reason: expect.stringMatching(/Refused: "\\u00ad" \(U\+00AD\)\.$/),
        },
      ],
    },
    { person: { firstName: "C'y" } },
  ]);
  const [, , third] = await entriesFrom('p.csv', header + rows);
  expect(third).not.toHaveProperty('warnings');
});

test.each([
  ['name', 'a@b.org,Ana 2nd,Lee,', '"2" (U+0032)'],
  ['name with an emoji', 'a@b.org,Ana \u{1f600},Lee,', '"\u{1f600}" (U+1F600)'],
  ['name with a tab', 'a@b.org,"A\tna",Lee,', '"\\u0009" (U+0009)'],
  ['local part', 'a b@c.org,Ana,Lee,', '" " (U+0020)'],
  ['local part with two dots', 'a..b@c.org,Ana,Lee,', '"." (U+002E)'],
  ['domain', 'a@c_d.org,Ana,Lee,', '"_" (U+005F)'],
  ['domain with a dot at its end', 'a@c.org.,Ana,Lee,', '"." (U+002E)'],
  ['domain with two dots', 'a@c..org,Ana,Lee,', '"." (U+002E)'],
  ['domain with a Cyrillic letter', 'a@ex\u0430mple.org,Ana,Lee,', '"\u0430" (U+0430)'],
  ['list of addresses', 'a@c.org;b@c.org,Ana,Lee,', '";" (U+003B)'],
])('a %s names the first character that is refused', async (_what, row, character) => {
  const [entry] = await entriesFrom('p.csv', header + row);
  expect(entry).toMatchObject({ kind: 'rejected' });
  const reasons = entry?.kind === 'rejected' ? entry.faults.map(({ reason }) => reason) : [];
  expect(reasons.join(' ')).toContain(`Refused: ${character}.`);
});

test.each([
  ['\u0430nna@b.org', true],
  ['\u03bfmega@b.org', true],
  ['анна@b.org', false],
  ['jos\u00e9@b.org', false],
  ['anna@b.org', false],
])('the address %s is accepted; mixed scripts: %s', async (email, isMixed) => {
  const [entry] = await entriesFrom('p.csv', `${header}${email},Ana,Lee,\n`);
  expect(entry).toMatchObject({ kind: 'person', person: { email } });
  const warnings = entry?.kind === 'person' ? (entry.warnings ?? []) : [];
  expect(warnings).toEqual(
    isMixed ? [expect.stringMatching(/^email: letters of two scripts/)] : [],
  );
});

test.each([
  ['too long', `"${'c'.repeat(513)}"`, /^comment: left out\. .*512/],
  ['with a bell', 'te\u0007a', /^comment: left out\. .*control character/],
])('a comment %s costs nobody the account', async (_what, comment, warning) => {
  const [entry] = await entriesFrom('p.csv', `${header}a@b.org,Ana,Lee,${comment}\n`);
  expect(entry).toMatchObject({ kind: 'person', warnings: [expect.stringMatching(warning)] });
  expect(entry?.kind === 'person' ? entry.person.comment : 'rejected').toBeUndefined();
});

test('a comment that is no text is left out too', async () => {
  const people = [
    { email: 'a@b.org', firstName: 'Ana', lastName: 'Lee', comment: { html: 'x' } },
    { email: 'b@b.org', firstName: 'Bo', lastName: 'Lee', comment: 'tea' },
  ];
  const entries = await entriesFrom('p.json', JSON.stringify(people));
  expect(entries).toMatchObject([
    { kind: 'person', warnings: ['comment: left out. The value of comment must be text.'] },
    { kind: 'person', person: { comment: 'tea' } },
  ]);
});
