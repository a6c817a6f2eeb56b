import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { entriesOf, fileWith, onboardErrorFrom, open, temporaryFolder } from './intake-fixtures.ts';

const run = promisify(execFile);
const header = 'email,first_name,last_name\n';
const two = `${header}ana@example.com,Ana,Lee\nbo@example.com,Bo,\n`;

test('standard input is read once into a file without a name, which nobody else can open', async () => {
  const spoolDir = await temporaryFolder();
  const stdin = Readable.from([Buffer.from(two.slice(0, 31)), Buffer.from(two.slice(31))]);
  const source = await open(['-'], { stdin, format: 'csv', spoolDir });
  expect(await readdir(spoolDir)).toEqual([]);
  const first = await entriesOf(source);
  expect(first.map(({ at }) => at)).toEqual([
    { file: '<stdin>', line: 2 },
    { file: '<stdin>', line: 3 },
  ]);
  expect(await entriesOf(source)).toEqual(first);
  const both = [entriesOf(source), entriesOf(source)];
  expect(await Promise.all(both)).toEqual([first, first]);
  expect(source.digest).toBe((await open([await fileWith('p.csv', two)])).digest);
  await source.close();
  await source.close();
  expect(await readdir(spoolDir)).toEqual([]);
});

test('the private file is removed when standard input is malformed', async () => {
  const spoolDir = await temporaryFolder();
  const stdin = Readable.from([Buffer.from(`${header}"`)]);
  const error = await onboardErrorFrom(open(['-'], { stdin, format: 'csv', spoolDir }));
  expect(error.message).toMatch(/^<stdin>:2: /);
  expect(await readdir(spoolDir)).toEqual([]);
});

test('standard input without a format is an error that lists the formats', async () => {
  const error = await onboardErrorFrom(open(['-']));
  expect(error.code).toBe('E_FILE_FORMAT');
  expect(error.message).toContain('<stdin>');
});

test('standard input that fails, or has no place to be kept, cannot be read', async () => {
  const stdin = new Readable({
    read() {
      this.destroy(new Error('the pipe broke'));
    },
  });
  const broken = await onboardErrorFrom(open(['-'], { stdin, format: 'csv' }));
  expect(broken).toMatchObject({ code: 'E_FILE_UNREADABLE' });
  expect(broken.message).toContain('the pipe broke');
  const nowhere = join(await temporaryFolder(), 'none');
  const homeless = await onboardErrorFrom(open(['-'], { format: 'csv', spoolDir: nowhere }));
  expect(homeless).toMatchObject({ code: 'E_FILE_UNREADABLE' });
});

test('a named pipe is kept as standard input is', async () => {
  const fifo = join(await temporaryFolder(), 'people.csv');
  await run('mkfifo', [fifo]);
  const [source] = await Promise.all([open([fifo]), writeFile(fifo, two)]);
  expect(await entriesOf(source)).toHaveLength(2);
  expect(await entriesOf(source)).toHaveLength(2);
});
