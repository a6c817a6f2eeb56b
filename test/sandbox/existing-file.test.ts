import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExistingFile } from '../../src/sandbox/people/existing-file.ts';
import { onRelease } from '../support/resources.ts';

async function fileWith(content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-existing-'));
  onRelease(() => rm(folder, { recursive: true }));
  const path = join(folder, 'existing.txt');
  await writeFile(path, content);
  return path;
}

describe('readExistingFile', () => {
  const table: [string, string, string[]][] = [
    ['one address per line', 'a@x.example\nb@x.example\n', ['a@x.example', 'b@x.example']],
    [
      'Windows line ends and spaces',
      ' a@x.example \r\n\r\nb@x.example',
      ['a@x.example', 'b@x.example'],
    ],
    ['a byte order mark', '\ufeffa@x.example\n', ['a@x.example']],
    ['a CSV with a header', 'name,email\nAna,a@x.example\n', ['a@x.example']],
    ['the first of two addresses', 'a@x.example,b@x.example\n', ['a@x.example']],
    ['semicolons, tabs and bars', 'A;a@x\nB\tb@x\nC|c@x\n', ['a@x', 'b@x', 'c@x']],
    ['quoted cells', '"Ana";"a@x.example"\n', ['a@x.example']],
    ['the case as written', 'Ana@X.example', ['Ana@X.example']],
  ];

  it.each(table)('reads %s', async (_, content, expected) => {
    expect(await readExistingFile(await fileWith(content))).toEqual(expected);
  });

  const faults: [string, () => Promise<string>][] = [
    ['is not there', async () => join(tmpdir(), 'onboard-no-such-file')],
    ['is a folder', async () => tmpdir()],
    ['is empty', () => fileWith('')],
    ['holds no address', () => fileWith('name\nAna\n')],
    ['is not UTF-8', () => fileWith(new Uint8Array([0x61, 0xff, 0x40]))],
  ];

  it.each(faults)('says in one sentence that a file %s', async (_, make) => {
    const path = await make();
    await expect(readExistingFile(path)).rejects.toMatchObject({
      code: 'E_FILE_UNREADABLE',
      message: expect.stringMatching(/^The file of existing people .+: give one e-mail address/),
      details: { path },
    });
  });
});
