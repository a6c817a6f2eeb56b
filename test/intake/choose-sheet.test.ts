import { expect, test } from 'vitest';
import { rawWorkbook, sheetXml, workbook, zip } from '../support/workbook.ts';
import {
  entriesFrom,
  entriesOf,
  fileWith,
  onboardErrorFrom,
  open,
  refusalOf,
} from './intake-fixtures.ts';

const header = ['E-Mail', 'First name', 'Last name'];
const ana = ['ana@example.com', 'Ana', 'Lee'];
const bo = ['bo@example.com', 'Bo', 'Lee'];

const emails = async (content: Buffer, sheet?: string) => {
  const path = await fileWith('p.xlsx', content);
  const source = await open([path], sheet === undefined ? {} : { sheet });
  const entries = await entriesOf(source);
  const found = entries.map((entry) => (entry.kind === 'person' ? entry.person.email : 'rejected'));
  return {
    found,
    remarks: source.remarks.map(({ code, text }) => [code, text.slice(path.length + 2)]),
  };
};

test('one sheet is read without a word', async () => {
  expect(await emails(workbook({ A: [header, ana] }))).toEqual({ found: [ana[0]], remarks: [] });
});

test('several sheets: the one that was read and the others are named', async () => {
  const content = workbook(
    { New: [header, ana], Old: [header, bo], Notes: [] },
    { Notes: 'hidden' },
  );
  expect(await emails(content)).toEqual({
    found: [ana[0]],
    remarks: [
      [
        'sheet-chosen',
        'the sheet "New" is read; not read: "Old", "Notes" (hidden); --sheet NAME reads another',
      ],
    ],
  });
});

test.each([
  ['empty', []],
  ['without a header', [['Welcome'], ['to our list']]],
  ['with people but no header', [ana]],
])('a first sheet that is %s leads to the first that has a header', async (_what, rows) => {
  const content = workbook({ Cover: rows, List: [['Staff'], header, bo], Other: [header, ana] });
  const { found, remarks } = await emails(content);
  expect(found).toEqual([bo[0]]);
  expect(remarks[0]).toEqual([
    'sheet-chosen',
    expect.stringMatching(/^the sheet "List" is read; not read: "Cover", "Other"; --sheet/),
  ]);
});

test('the sheet is chosen by the headers of --map', async () => {
  const content = workbook({ A: [header, ana], B: [['Adresse', 'First name', 'Last name'], bo] });
  const path = await fileWith('p.xlsx', content);
  const source = await open([path], { maps: ['Adresse=email'] });
  expect(await entriesOf(source)).toMatchObject([{ person: { email: bo[0] } }]);
});

test('a hidden sheet is read by --sheet alone', async () => {
  const content = workbook(
    { Leavers: [header, ana], New: [header, bo] },
    { Leavers: 'veryHidden' },
  );
  expect((await emails(content)).found).toEqual([bo[0]]);
  expect((await emails(content, 'Leavers')).found).toEqual([ana[0]]);
  expect((await emails(content, '1')).found).toEqual([ana[0]]);
  const refused = await refusalOf('p.xlsx', workbook({ A: [header, ana] }, { A: 'hidden' }));
  expect([refused.code, refused.message]).toEqual([
    'E_USAGE',
    expect.stringMatching(/p\.xlsx: every sheet is hidden; name one with --sheet: "A" \(hidden\)$/),
  ]);
});

test.each([
  ['no header', { A: [['x']], B: [['y']] }, 'E_FILE_COLUMNS'],
  ['no rows', { A: [header], B: [['y']] }, 'E_FILE_EMPTY'],
  ['nothing', { A: [], B: [] }, 'E_FILE_EMPTY'],
])('an error about %s names the sheets', async (_what, sheets, code) => {
  const refused = await refusalOf('p.xlsx', workbook(sheets));
  expect([refused.code, refused.message]).toEqual([
    code,
    expect.stringMatching(/The sheet "A" was read; not read: "B"; --sheet NAME reads another\.$/),
  ]);
});

test('a mapped header that the sheet does not have names the sheets', async () => {
  const path = await fileWith('p.xlsx', workbook({ A: [header, ana], B: [['y']] }));
  const refused = await onboardErrorFrom(open([path], { maps: ['Unit=department'] }));
  expect(refused.message).toMatch(
    /no column "Unit" found; .* The sheet "A" was read; not read: "B"/,
  );
});

test('hidden rows are read, and counted in a warning', async () => {
  const rows = [header, ana, bo].map((cells, index) => {
    const inside = cells.map((cell) => `<c t="str"><v>${cell}</v></c>`).join('');
    return `<row${index === 2 ? ' hidden="1"' : ''}>${inside}</row>`;
  });
  const { found, remarks } = await emails(rawWorkbook({ sheet: sheetXml(rows.join('')) }));
  expect(found).toEqual([ana[0], bo[0]]);
  expect(remarks).toEqual([
    ['hidden-rows', expect.stringMatching(/^1 hidden row of the sheet "A" count/)],
  ]);
});

const formula = (value: string) => ({ xml: `><f>A1&amp;"x"</f>${value}` });

test.each([
  ['without a value', formula(''), /formula without a result; open the workbook/],
  ['with an empty value', formula('<v></v>'), /formula without a result/],
  ['of text without a value', { xml: ' t="str"><f>A1</f>' }, /formula without a result/],
  ['that failed', { xml: ' t="e"><f>1/0</f><v>#DIV/0!</v>' }, /error of a formula, such as #N\/A/],
])('a formula %s says so', async (_what, cell, reason) => {
  const entries = await entriesFrom('p.xlsx', workbook({ A: [header, [cell, 'Ana', 'Lee'], ana] }));
  expect(entries).toMatchObject([
    {
      kind: 'rejected',
      faults: [{ field: 'email', code: 'no-value', reason: expect.stringMatching(reason) }],
    },
    { kind: 'person' },
  ]);
});

test('a formula that gives an empty text is an empty cell', async () => {
  const empty = { xml: ' t="str"><f>IF(A1,"","")</f><v></v>' };
  const entries = await entriesFrom('p.xlsx', workbook({ A: [header, ['a@b.org', 'Ana', empty]] }));
  expect(entries).toMatchObject([{ kind: 'person', person: { lastName: '' } }]);
});

test('a formula without a result costs nobody the account in a comment, and nothing elsewhere', async () => {
  const rows = [
    [...header, 'Comment', 'Salary'],
    [...ana, formula(''), formula('')],
  ];
  const entries = await entriesFrom('p.xlsx', workbook({ A: rows }));
  expect(entries).toMatchObject([
    {
      kind: 'person',
      warnings: [expect.stringMatching(/^comment: left out\. The cell holds a formula/)],
    },
  ]);
});

test('cells without an address are placed after the cell before them, empty ones too', async () => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const rows = [header, ['ana@example.com', '', 'Lima'], bo].map((cells) => {
    return `<row>${cells.map((text) => (text === '' ? '<c s="0"/>' : cell(text))).join('')}</row>`;
  });
  const entries = await entriesFrom('p.xlsx', rawWorkbook({ sheet: sheetXml(rows.join('')) }));
  expect(entries).toMatchObject([
    {
      kind: 'rejected',
      raw: { lastName: 'Lima' },
      faults: [{ field: 'firstName', code: 'required' }],
    },
    { kind: 'person', person: { email: bo[0], lastName: 'Lee' } },
  ]);
});

test.each([
  ['people.xls', /old format, which is not read; save the list as \.xlsx, or export it as CSV\.$/],
  ['people.ODS', /OpenDocument spreadsheet, which is not read; save/],
  ['people.xlsb', /binary workbook/],
  ['people.numbers', /Numbers document/],
  ['people.pdf', /a PDF/],
])('%s says what to do', async (name, message) => {
  const refused = await onboardErrorFrom(open([await fileWith(name, 'x')]));
  expect([refused.code, refused.message]).toEqual([
    'E_FILE_FORMAT',
    expect.stringMatching(message),
  ]);
});

test.each([
  ['content.xml', /OpenDocument file \(\.ods\); save it as \.xlsx/],
  ['xl/workbook.bin', /binary workbook \(\.xlsb\)/],
  ['Index/Document.iwa', /Numbers document/],
])('an archive with %s under the name of a workbook is recognised', async (part, message) => {
  const refused = await refusalOf('p.xlsx', zip({ mimetype: 'x', [part]: '<x/>' }));
  expect([refused.code, refused.message]).toEqual([
    'E_FILE_FORMAT',
    expect.stringMatching(message),
  ]);
});
