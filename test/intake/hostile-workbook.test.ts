import { type FileHandle, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import { Spool } from '../../src/intake/spool.ts';
import { convertSheet } from '../../src/intake/workbook/convert-sheet.ts';
import { onRelease } from '../support/resources.ts';
import { rawWorkbook, repeated, sheetXml, workbook } from '../support/workbook.ts';
import {
  entriesFrom,
  fileWith,
  onboardErrorFrom,
  open,
  refusalOf,
  temporaryFolder,
} from './intake-fixtures.ts';

const header = ['E-Mail', 'First name', 'Last name', 'Comment'];
const ana = ['ana@example.com', 'Ana', 'Lee'];

async function emptyFile(): Promise<FileHandle> {
  const spool = new Spool(await temporaryFolder());
  onRelease(() => spool.remove());
  return spool.newFile();
}

const cellXml = (at: string, text: string) =>
  `<c${at === '' ? '' : ` r="${at}"`} t="str"><v>${text}</v></c>`;
const headerXml = `<row>${['email', 'first_name', 'last_name', 'comment'].map((name) => cellXml('', name)).join('')}</row>`;
const anaXml = ['ana@example.com', 'Ana', 'Lee'].map((text) => cellXml('', text)).join('');

test('a cell in the last corner of a sheet costs nothing', async () => {
  const far = `<row r="1048576">${cellXml('XFD1048576', 'x')}</row>`;
  const text = sheetXml(`${headerXml}<row>${anaXml}${cellXml('XFD2', 'far')}</row>${far}`);
  const entries = await entriesFrom('p.xlsx', rawWorkbook({ sheet: text }));
  expect(entries).toMatchObject([{ kind: 'person', at: { line: 2 } }]);
});

test('rows with one cell in the last column are no file of gigabytes', async () => {
  const unit = `<row>${cellXml('XFD1', 'x')}</row>`;
  const sheet = repeated({ head: openSheet + headerXml, unit, tail: closeSheet }, 1);
  const source = await fileWith('p.xlsx', rawWorkbook({ sheet }));
  const target = await emptyFile();
  await convertSheet({ file: 'p.xlsx', source, target });
  const { size } = await target.stat();
  expect(size).toBeGreaterThan(100_000);
  expect(size).toBeLessThan(1_000_000);
});

test('a cell without an address is the one after the cell before it, a row likewise', async () => {
  const rows = [
    `<row r="2">${cellXml('A2', 'email')}${cellXml('', 'first_name')}${cellXml('D2', 'last_name')}</row>`,
    `<row>${cellXml('', 'ana@example.com')}<c s="0"/>${cellXml('D9', 'Lima')}</row>`,
    `<row r="7">${cellXml('', 'bo@example.com')}${cellXml('', 'Bo')}<c/>${cellXml('', 'Lee')}</row>`,
  ];
  const entries = await entriesFrom('p.xlsx', rawWorkbook({ sheet: sheetXml(rows.join('')) }));
  expect(entries).toMatchObject([
    { at: { line: 3 }, raw: { firstName: '', lastName: 'Lima' }, faults: [{ code: 'required' }] },
    { at: { line: 7 }, person: { firstName: 'Bo', lastName: 'Lee' } },
  ]);
});

test('names with a prefix and texts beside the text of a cell are read as a spreadsheet does', async () => {
  const sharedStrings = `<x:sst xmlns:x="n"><x:si><x:r><x:t>A</x:t></x:r><x:r><x:t>na</x:t></x:r><x:rPh><x:t>sound</x:t></x:rPh></x:si><x:si><x:t>a_x0062_@b.org &amp; <![CDATA[<c>]]></x:t></x:si></x:sst>`;
  const shared = (index: number) => `<x:c t="s"><x:f>A1</x:f><x:v>${index}</x:v></x:c>`;
  const sheet = `<x:worksheet xmlns:x="n"><x:sheetData>${headerXml}<x:row>${shared(1)}${shared(0)}</x:row></x:sheetData></x:worksheet>`;
  const entries = await entriesFrom('p.xlsx', rawWorkbook({ sheet, sharedStrings }));
  expect(entries).toMatchObject([{ raw: { email: 'ab@b.org & <c>', firstName: 'Ana' } }]);
});

test.each([
  ['0.00"days"', '46349.5'],
  ['[Red]#,##0', '46349.5'],
  ['General', '46349.5'],
  ['yyyy-mm-dd', '2026-11-23T12:00:00.000Z'],
  ['[$-407]d. mmmm yyyy;@', '2026-11-23T12:00:00.000Z'],
  ['[h]:mm:ss.000', '2026-11-23T12:00:00.000Z'],
])('a number in the format %s is read as %s', async (format, text) => {
  const code = format.replaceAll('"', '&quot;');
  const styles = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="${code}"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`;
  const sheet = sheetXml(`${headerXml}<row>${anaXml}<c s="1"><v>46349.5</v></c></row>`);
  const entries = await entriesFrom('p.xlsx', rawWorkbook({ sheet, styles }));
  expect(entries).toMatchObject([{ person: { comment: text } }]);
});

test('hidden sheets are marked where sheets are listed, hidden rows are counted', async () => {
  const rows = { Leavers: [header, ana], Secret: [header], New: [header, ana] };
  const states = { Leavers: 'hidden', Secret: 'veryHidden' } as const;
  const source = await fileWith('p.xlsx', workbook(rows, states));
  const refused = await onboardErrorFrom(open([source], { sheet: 'Nobody' }));
  expect(refused.message).toMatch(/it has "Leavers" \(hidden\), "Secret" \(hidden\), "New"$/);
  const target = await emptyFile();
  expect(await convertSheet({ file: 'p.xlsx', source, target })).toEqual({
    name: 'New',
    isHidden: false,
    hiddenRows: 0,
    others: ['"Leavers" (hidden)', '"Secret" (hidden)'],
  });
  const hidden = `<row hidden="1">${anaXml}</row><row hidden="true">${anaXml}</row><row hidden="0">${anaXml}</row><row hidden="1"/>`;
  const path = await fileWith('h.xlsx', rawWorkbook({ sheet: sheetXml(headerXml + hidden) }));
  const facts = await convertSheet({ file: 'h.xlsx', source: path, target: await emptyFile() });
  expect(facts).toEqual({ name: 'A', isHidden: false, hiddenRows: 2, others: [] });
});

const openSheet = '<worksheet><sheetData>';
const closeSheet = '</sheetData></worksheet>';
const first = { head: `${openSheet}${headerXml}`, tail: closeSheet };

test.each<[string, Parameters<typeof rawWorkbook>[0]]>([
  ['a sheet', { sheet: repeated({ ...first, unit: `<row>${anaXml}</row>` }, 64) }],
  ['a comment', { sheet: repeated({ ...first, unit: '<!-- nothing -->' }, 64) }],
  ['one cell', { sheet: repeated({ ...first, head: `${openSheet}<row><c><v>`, unit: 'x' }, 64) }],
  [
    'one row',
    { sheet: repeated({ ...first, head: `${openSheet}<row>`, unit: cellXml('A1', 'x') }, 64) },
  ],
  ['one tag', { sheet: repeated({ ...first, head: `${openSheet}<row `, unit: 'a="" ' }, 64) }],
  ['nested tags', { sheet: repeated({ ...first, unit: '<a>' }, 64) }],
  [
    'the shared texts',
    {
      sheet: sheetXml(headerXml),
      sharedStrings: repeated({ head: '<sst>', unit: '<si><t>x</t></si>', tail: '</sst>' }, 64),
    },
  ],
])('a workbook that inflates to more than the budget by %s is refused', async (_, parts) => {
  const source = await fileWith('p.xlsx', rawWorkbook(parts));
  expect((await stat(source)).size).toBeLessThan(1_000_000);
  const before = process.memoryUsage().rss;
  const target = await emptyFile();
  const conversion = { file: 'p.xlsx', source, target, budgetBytes: 8 * 1_048_576 };
  const refused = await onboardErrorFrom(convertSheet(conversion));
  expect(refused).toMatchObject({ code: 'E_FILE_MALFORMED', message: /^p\.xlsx: / });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576);
});

test('a short sheet that names one long text again and again fills no disk', async () => {
  const sharedStrings = `<sst><si><t>${'x'.repeat(30_000)}</t></si></sst>`;
  const row = `<row>${'<c t="s"><v>0</v></c>'.repeat(5)}</row>`;
  const sheet = repeated({ ...first, unit: row }, 1);
  const source = await fileWith('p.xlsx', rawWorkbook({ sheet, sharedStrings }));
  const target = await emptyFile();
  const conversion = { file: 'p.xlsx', source, target, budgetBytes: 8 * 1_048_576 };
  expect(await onboardErrorFrom(convertSheet(conversion))).toMatchObject({
    code: 'E_FILE_MALFORMED',
    message: /8 MiB/,
  });
  expect((await target.stat()).size).toBeLessThan(9 * 1_048_576);
});

test('a text that no spreadsheet can hold is named as such', async () => {
  const sheet = sheetXml(`${headerXml}<row>${cellXml('', 'x'.repeat(40_000))}</row>`);
  const refused = await refusalOf('p.xlsx', rawWorkbook({ sheet }));
  expect(refused.message).toMatch(/has a cell of more than 32,767 characters, more than is read;/);
});

test('a header of the archive that lies about the size is not believed', async () => {
  const sheet = repeated({ ...first, unit: `<row>${anaXml}</row>` }, 64);
  const refused = await refusalOf('p.xlsx', rawWorkbook({ sheet: { ...sheet, size: 1000 } }));
  expect(refused).toMatchObject({ code: 'E_FILE_MALFORMED' });
});

test.each([
  ['entities of its own', '<!DOCTYPE a [<!ENTITY b "bb">]>', anaXml.replace('Lee', '&b;')],
  ['a row before its predecessor', '', `</row><row r="1">${anaXml}`],
  ['half a row', '', `</row><row r="2.5">${anaXml}`],
  ['a row beyond the last', '', `</row><row r="1048577">${anaXml}`],
  ['a column beyond the last', '', cellXml('XFE2', 'x')],
  ['a text that does not exist', '', '<c t="s"><v>7</v></c>'],
  ['a cell of an unknown kind', '', '<c t="zz"><v>7</v></c>'],
  ['no end', '', '</row><row><!--'],
])('a sheet with %s is one error of the file', async (_, prolog, cells) => {
  const sheet = `${prolog}${sheetXml(`${headerXml}<row>${cells}</row>`)}`;
  const refused = await refusalOf('p.xlsx', rawWorkbook({ sheet }));
  expect([refused.code, refused.message]).toEqual([
    'E_FILE_MALFORMED',
    expect.not.stringContaining('ana@example.com'),
  ]);
});

test.each<[string, Parameters<typeof rawWorkbook>[0]]>([
  ['a large sheet', { sheet: repeated({ ...first, unit: `<row>${anaXml}</row>` }, 64) }],
  [
    'many shared texts',
    {
      sheet: sheetXml(headerXml),
      sharedStrings: repeated({ head: '<sst>', unit: '<si><t>text</t></si>', tail: '</sst>' }, 64),
    },
  ],
])('an interrupted command leaves %s at once', async (_, parts) => {
  const source = await fileWith('p.xlsx', rawWorkbook(parts));
  const target = await emptyFile();
  const stop = new AbortController();
  const conversion = { file: 'p.xlsx', source, target, signal: stop.signal };
  const converting = convertSheet(conversion);
  setImmediate(() => stop.abort(new Error('enough')));
  await expect(converting).rejects.toThrow('enough');
});

test('damaged bytes give rows or one error of the file', async () => {
  const whole = workbook({ A: [header, ana, ['bo@example.com', 'Bo', 'Lee']] });
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      await entriesFrom('p.xlsx', bytes).catch((error) => {
        if (!(error instanceof OnboardError) || !error.code.startsWith('E_FILE_')) throw error;
      });
    }),
    { numRuns: 15 },
  );
});
