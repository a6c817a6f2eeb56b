import { createWriteStream, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { receiveForm } from '../../../src/console/uploads/multipart.ts';
import { onRelease } from '../../support/resources.ts';

const BOUNDARY = 'x-boundary';

function field(name: string, value: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function file(name: string, text: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n${text}\r\n`;
}

const END = `--${BOUNDARY}--\r\n`;
const TOKEN = field('token', 'ours');

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'onboard-upload-'));
  onRelease(() => rm(dir, { recursive: true }));
  return dir;
}

type More = Partial<Parameters<typeof receiveForm>[1]>;

function receive(pieces: readonly string[], dir: string, more: More = {}) {
  const body = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  const contentType = `multipart/form-data; boundary=${BOUNDARY}`;
  const isOurs = (token: string) => token === 'ours';
  return receiveForm(body, { contentType, folder: dir, mostBytes: 1000, isOurs, ...more });
}

test('several lists arrive under their own names, in files that nobody else can read', async () => {
  const dir = folder();
  const parts = [
    TOKEN,
    field('type', 'User'),
    file('people.csv', 'a'),
    file('C:\\lists\\people.csv', 'b'),
  ];
  const received = await receive([...parts, file('', ''), END], dir);
  expect(received).toMatchObject({ files: ['people.csv', 'people (2).csv'], bytes: 2 });
  expect(received?.fields.get('type')).toBe('User');
  expect(readFileSync(join(dir, 'people (2).csv'), 'utf8')).toBe('b');
  expect(statSync(join(dir, 'people.csv')).mode & 0o777).toBe(0o600);
});

test.each([
  ['without a token', [field('type', 'User'), file('a.csv', 'a'), TOKEN]],
  ['with a file before the token', [file('a.csv', 'a'), TOKEN]],
  ['with another token', [field('token', 'theirs'), file('a.csv', 'a')]],
  ['with nothing', []],
])('a form %s leaves no file', async (_, parts) => {
  const dir = folder();
  expect(await receive([...parts, END], dir)).toBeUndefined();
  expect(readdirSync(dir)).toEqual([]);
});

test('files that are too large together are refused while they arrive', async () => {
  const parts = [TOKEN, file('a.csv', 'x'.repeat(600)), file('b.csv', 'x'.repeat(600))];
  const refused = receive([...parts, END], folder());
  await expect(refused).rejects.toMatchObject({
    code: 'E_UPLOAD_TOO_LARGE',
    message: expect.stringContaining('CONSOLE_UPLOAD_MB'),
  });
});

test('a connection that is cut is an upload that did not arrive', async () => {
  const cut = receive([TOKEN, file('a.csv', 'half of a list').slice(0, -9)], folder());
  await expect(cut).rejects.toMatchObject({ code: 'E_UPLOAD' });
});

test('a connection that is reset while a file arrives is an upload that did not arrive', async () => {
  async function* pieces() {
    yield Buffer.from(TOKEN + file('a.csv', 'half').slice(0, -4));
    throw new Error('ECONNRESET');
  }
  const contentType = `multipart/form-data; boundary=${BOUNDARY}`;
  const options = { contentType, folder: folder(), mostBytes: 1000, isOurs: () => true };
  const cut = receiveForm(Readable.from(pieces()), options);
  await expect(cut).rejects.toMatchObject({ code: 'E_UPLOAD' });
});

test('a full disk is one sentence that says where to make room', async () => {
  const open = () => createWriteStream('/dev/full');
  const full = receive([TOKEN, file('a.csv', 'text'), END], folder(), { open });
  await expect(full).rejects.toMatchObject({
    code: 'E_DISK_FULL',
    message: expect.stringContaining('ONBOARD_DATA_DIR'),
  });
});

test.each([
  ['no file', [TOKEN, END], 'choose a list'],
  ['21 files', [TOKEN, ...Array(21).fill(file('a.csv', 'a')), END], 'at most 20 files'],
  ['a giant value', [TOKEN, field('map', 'x'.repeat(5000)), END], 'longer than 4096 bytes'],
])('a form with %s is refused with what to do', async (_, parts, text) => {
  await expect(receive(parts, folder(), { mostBytes: 100_000 })).rejects.toMatchObject({
    code: 'E_UPLOAD',
    message: expect.stringContaining(text),
  });
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['-', 'list'],
  ['..\\..\\x.csv', 'x.csv'],
  ['.bashrc', '.bashrc'],
  ['CON', 'CON'],
  ['a\u0000b.csv', 'a\\u0000b.csv'],
  ['list\u202evsc.exe', 'list\\u202evsc.exe'],
  ['😀'.repeat(100), '😀'.repeat(45)],
  [`${'x'.repeat(5000)}.csv`, `${'x'.repeat(180)}.csv`],
  [`x.${'y'.repeat(5000)}`, `x.${'y'.repeat(19)}`],
  ['--plan.csv', '--plan.csv'],
  ['<img src=x onerror=alert(1)>.csv', '<img src=x onerror=alert(1)>.csv'],
  [`${'é'.repeat(300)}.csv`, `${'é'.repeat(90)}.csv`],
])('a list with the name %s is stored as %s', async (given, stored) => {
  const received = await receive([TOKEN, file(given, 'a'), END], folder());
  expect(received?.files).toEqual([stored]);
});

test('a body that is no form is refused', async () => {
  const contentType = 'multipart/form-data';
  await expect(receive([TOKEN, END], folder(), { contentType })).rejects.toMatchObject({
    code: 'E_UPLOAD',
  });
});
