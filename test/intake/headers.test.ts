import { expect, test } from 'vitest';
import { ColumnNames } from '../../src/intake/columns/column-names.ts';
import { workbook } from '../support/workbook.ts';
import {
  entriesFrom,
  entriesOf,
  fileWith,
  onboardErrorFrom,
  open,
  refusalOf,
} from './intake-fixtures.ts';

const email = 'ana@example.org';
const ana = { email, firstName: 'Ana', lastName: 'Lima' };

/** Headers of e-mail, first name and last name as forms and exports write them. */
const headers: [string, string, string, string][] = [
  ['a directory', 'Email Address [Required]', 'First Name [Required]', 'Last Name [Required]'],
  [
    'a bulk template',
    'User name [userPrincipalName] Required',
    'First name [givenName] Required',
    'Last name [surname]',
  ],
  ['a form', 'E-mail *', 'First name (required)', 'Last name (optional)'],
  ['a form in capitals', 'EMAIL (REQUIRED)', 'FIRST NAME*', 'LAST NAME OPTIONAL'],
  ['a directory service', 'userPrincipalName', 'givenName', 'surname'],
  ['an HR system', 'Work Email', 'First Name', 'Last Name'],
  ['an account list', 'Primary Email', 'Given Name', 'Family Name'],
  ['a flattened object', 'email', 'name.givenName', 'name.familyName'],
  ['German', 'E-Mail-Adresse', 'Vorname', 'Name'],
  ['German form', 'E-Mail (Pflichtfeld)', 'Vorname', 'Nachname'],
  ['Dutch', 'E-mailadres', 'Voornaam', 'Naam'],
  ['French', 'Adresse électronique', 'Prénom', 'Nom'],
  ['French form', 'Courriel (obligatoire)', 'Prénoms', 'Nom de famille'],
  ['Spanish', 'Correo electrónico', 'Nombre', 'Apellidos'],
  ['Spanish address', 'Dirección de correo electrónico', 'Nombres', 'Primer apellido'],
  ['Italian', 'Indirizzo e-mail', 'Nome', 'Cognome'],
  ['Portuguese', 'Endereço de e-mail', 'Nome próprio', 'Apelido'],
  ['Brazilian', 'E-mail', 'Primeiro nome', 'Sobrenome'],
  ['Polish', 'Adres e-mail', 'Imię', 'Nazwisko'],
  ['Russian', 'Адрес электронной почты', 'Имя', 'Фамилия'],
  ['Chinese', '电子邮箱', '名', '姓'],
  ['Chinese words', '邮箱', '名字', '姓氏'],
  ['traditional Chinese', '電子郵件', '名字', '姓'],
  ['Japanese', 'メールアドレス', '名', '姓'],
  ['Japanese words', 'メール', '名前', '名字'],
];

test.each(headers)('headers of %s are understood in CSV and JSON', async (_what, ...names) => {
  const [mail, first, last] = names;
  const csv = `${names.join(';')}\n${email};Ana;Lima\n`;
  expect(await entriesFrom('p.csv', csv)).toMatchObject([{ kind: 'person', person: ana }]);
  const json = JSON.stringify([{ [mail]: email, [first]: 'Ana', [last]: 'Lima' }]);
  expect(await entriesFrom('p.json', json)).toMatchObject([{ kind: 'person', person: ana }]);
});

test('a bulk template is read whole: version line, display name and all', async () => {
  const text = [
    'version:v1.0',
    'Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname]',
    `Ana L.,${email},Geheim!1,No,Ana,Lima`,
  ].join('\n');
  const source = await open([await fileWith('p.csv', text)]);
  expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person: ana }]);
  expect(source.remarks).toMatchObject([
    {
      code: 'rows-skipped',
      text: expect.stringMatching(/the header is line 2; 1 row before it not read$/),
    },
  ]);
  expect(source.ignoredColumns).toContain('Initial password [passwordProfile] Requi…');
});

test.each([
  'Email (old)',
  'Name',
  'Employee Type',
  'First',
  'Manager email',
  'Required',
  'Email 2',
])('the header %j means nothing it should not', (header) => {
  const [meaning] = new ColumnNames().meaningsOf([header, 'email', 'first name', 'last name']);
  expect(meaning).toBe(header === 'First' ? 'firstName' : undefined);
});

test('two columns of addresses: the error has the flags to paste', async () => {
  const error = await refusalOf('p.csv', 'userPrincipalName,mail,First name,Last name\na,b,c,d\n');
  expect(error.code).toBe('E_FILE_COLUMNS');
  expect(error.message).toMatch(
    /:1: "userPrincipalName" and "mail" both mean the column email; choose one: --map "userPrincipalName=email" or --map "mail=email"\.$/,
  );
});

test('a header cannot run a command when its flag is pasted into a shell', async () => {
  const error = await refusalOf('p.csv', "E-Mail `$'!`,E-mail,First name,Last name\na,b,c,d\n");
  expect(error.message).toContain(`--map 'E-Mail \`$'\\''!\`=email' or --map "E-mail=email"`);
});

test.each([
  [
    'email,name\n',
    /found: "email", "name"\. If "name" holds whole names: --split-name "first last" or --split-name "last, first"\. Rename the header, or name it: --map "HEADER=first_name"\.$/,
  ],
  ['email,Vor- und Nachname\n', /If "Vor- und Nachname" holds whole names: --split-name/],
  ['first name,last name\n', /no column for email; .*--map "HEADER=email"\.$/],
  ['ana@example.org,Ana,Lima\n', /looks like a person; .*--map/],
])('a missing column names --map: %j', async (text, message) => {
  const error = await refusalOf('p.csv', `${text}x,y\n`);
  expect([error.code, error.message]).toEqual(['E_FILE_COLUMNS', expect.stringMatching(message)]);
});

test.each([
  ['first last', 'Ana Maria Lima', { firstName: 'Ana Maria', lastName: 'Lima' }],
  ['first last', 'Ana', { firstName: 'Ana', lastName: '' }],
  ['last, first', 'de Lima, Ana Maria', { firstName: 'Ana Maria', lastName: 'de Lima' }],
  ['LAST,FIRST', 'Lima ,Ana', { firstName: 'Ana', lastName: 'Lima' }],
])('--split-name %j divides %j', async (splitName, name, person) => {
  const path = await fileWith('p.csv', `mail;full name;first name\n${email};${name};X\n`);
  const source = await open([path], { splitName });
  expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person }]);
  expect(source.ignoredColumns).toEqual(['first name']);
  const plain = await open([await fileWith('p.csv', `mail;first;last\n${email};A;B\n`)]);
  expect(source.digest).not.toBe(plain.digest);
});

test.each(['Ana Lima', 'Lima, Ana, Maria'])(
  'a whole name that cannot be divided is a rejected row: %j',
  async (name) => {
    const path = await fileWith('p.json', JSON.stringify([{ email, Person: name }]));
    const entries = await entriesOf(
      await open([path], { splitName: 'last, first', maps: ['Person=name'] }),
    );
    expect(entries).toMatchObject([
      {
        kind: 'rejected',
        raw: { firstName: name },
        faults: [{ field: 'firstName', code: 'name-split' }],
      },
    ]);
  },
);

test.each([
  [{ splitName: 'last first' }, /^--split-name last first: give "first last"/],
  [
    { maps: ['Person=name'] },
    /^--map Person=name: give a header and a column.*with --split-name also name$/,
  ],
  [{ ignore: ['--'] }, /^--ignore --: give the header of a column$/],
  [
    { ignore: ['Type'], maps: ['type=type'] },
    /^--ignore Type: the header is mapped or named twice$/,
  ],
])('%j is wrong usage', async (options, message) => {
  const path = await fileWith('p.csv', 'email,first_name,last_name\n');
  const refused = await onboardErrorFrom(open([path], options));
  expect([refused.code, refused.message]).toEqual(['E_USAGE', expect.stringMatching(message)]);
});

const table = `email;first_name;last_name\n${email};Ana;Lima\n`;

test.each([
  ['sep=;', `sep=;\n${table}`, 0],
  ['"sep=;"', `"sep=;"\n${table}`, 0],
  ['SEP and a tab', `SEP=\t\n${table.replaceAll(';', '\t')}`, 0],
  ['an odd delimiter of its own', `sep=^\n${table.replaceAll(';', '^')}`, 0],
  ['a version line', `version:v1.0\n${table}`, 1],
  ['title rows and empty ones', `Staff 2026;;\n;;\n\nas of today, all of them;;\n${table}`, 2],
  ['a title with an address', `Questions: hr@example.org\n${table}`, 1],
  ['a title over two lines', `"Staff\nof 2026"\n${table}`, 1],
  ['nine titles', `${'title\n'.repeat(9)}${table}`, 9],
  ['empty lines only', `${'\n'.repeat(30)}${table}`, 0],
])('lines before the header: %s', async (_what, text, skipped) => {
  for (const slice of [text, text.replaceAll('\n', '\r\n')]) {
    const source = await open([await fileWith('p.csv', slice)]);
    expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person: ana }]);
    const remark = expect.stringMatching(new RegExp(`; ${skipped} rows? before it not read$`));
    expect(source.remarks.map(({ text: words }) => words)).toEqual(skipped === 0 ? [] : [remark]);
  }
});

test('rows keep their line numbers below a title', async () => {
  const [entry] = await entriesFrom('p.csv', `Staff\n\n${table}`);
  expect(entry?.at.line).toBe(4);
});

test('a header in line 11 is not found; the row most like one is shown', async () => {
  const error = await refusalOf('p.csv', `${'title\n'.repeat(10)}${table}`);
  expect(error.message).toMatch(/:1: no column for email, first_name, last_name; found: "title"\./);
  const near = await refusalOf('p.csv', `Staff\nmail;forename;street\nx;y;z\n`);
  expect(near.message).toMatch(
    /:2: no column for last_name; found: "mail", "forename", "street"\./,
  );
});

test('a person is never shown as the row most like a header', async () => {
  const error = await refusalOf('p.csv', `Staff\nsecret@example.org,Mail,Geheim\n`);
  expect(error.message).not.toMatch(/secret|Geheim/);
});

test('title rows of a workbook are skipped likewise', async () => {
  const rows = [
    ['Staff', '', '', '', 'x'],
    null,
    ['as of 2026'],
    ['E-Mail', 'First name', 'Last name'],
    [email, 'Ana', 'Lima'],
  ];
  const source = await open([await fileWith('p.xlsx', workbook({ A: rows }))]);
  expect(await entriesOf(source)).toMatchObject([{ at: { line: 5 }, person: ana }]);
  expect(source.remarks).toMatchObject([
    { code: 'rows-skipped', text: expect.stringContaining('line 4; 2 rows') },
  ]);
  const late = [
    ...Array.from({ length: 10 }, () => ['title']),
    ['E-Mail', 'First name', 'Last name'],
    [email, 'Ana', 'Lima'],
  ];
  const error = await refusalOf('p.xlsx', workbook({ A: late }));
  expect(error.message).toMatch(/:1: .*found: "title"\./);
});

test('a file whose lines are quoted as a whole is named as such', async () => {
  const error = await refusalOf('p.csv', `"email,first_name,last_name"\n"${email},Ana,Lima"\n`);
  expect([error.code, error.message]).toEqual([
    'E_FILE_MALFORMED',
    expect.stringMatching(/:1: every line is quoted as a whole/),
  ]);
});

test('a mapped header that only a row of people has is not found', async () => {
  const path = await fileWith('p.csv', `${table}bo@example.org;Bo;Team\n`);
  const error = await onboardErrorFrom(open([path], { maps: ['Team=comment'] }));
  expect(error.message).toMatch(/--map: no column "Team" found/);
});

test('--map and --ignore name a header with or without what forms add', async () => {
  const text = `Login [Required],First Name [Required],Last Name *,Type (optional)\n${email},Ana,Lima,Boss\n`;
  const options = { maps: ['Login=email'], ignore: ['type'] };
  const source = await open([await fileWith('p.csv', text)], options);
  expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person: ana }]);
  expect(source.remarks).toEqual([]);
});
