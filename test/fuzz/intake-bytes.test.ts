import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import { ColumnNames } from '../../src/intake/columns/column-names.ts';
import type { RawRecord } from '../../src/intake/entry.ts';
import { readerFor } from '../../src/intake/format.ts';
import { FileText } from '../../src/intake/text/file-text.ts';
import { temporaryFolder } from '../intake/intake-fixtures.ts';
import { DOMAIN, type Document, damagedDocuments, documents, giants } from './documents.ts';
import { holds } from './holds.ts';
import { expectWhole, type Reading, readingOf } from './reading.ts';

const anyDocument = fc.oneof(
  { weight: 1, arbitrary: documents },
  { weight: 4, arbitrary: damagedDocuments },
);

/** The outcome of a reading, in one word. */
function seenIn(reading: Reading): string {
  return 'refused' in reading ? reading.refused : 'entries';
}

test('files whole or damaged give rows or one error, which tells of nobody', async () => {
  const folder = await temporaryFolder();
  const seen = new Set<string>();
  await holds(anyDocument, async ({ format, bytes }) => {
    const path = join(folder, `people.${format}`);
    await writeFile(path, bytes);
    const reading = await readingOf({ files: [path] });
    expectWhole(reading);
    if ('refused' in reading) expect(reading.message).not.toContain(`@${DOMAIN}`);
    seen.add(seenIn(reading));
  });
  const common = ['entries', 'E_FILE_ENCODING', 'E_FILE_MALFORMED', 'E_FILE_COLUMNS'];
  expect([...seen]).toEqual(expect.arrayContaining(common));
});

const options = fc.record(
  {
    format: fc.constantFrom('csv' as const, 'json' as const, 'ndjson' as const),
    delimiter: fc.oneof(fc.constantFrom(',', ';', 'tab', '^'), fc.string({ maxLength: 2 })),
    defaultCulture: fc.oneof(fc.constantFrom('de', 'en-US'), fc.string({ maxLength: 24 })),
  },
  { requiredKeys: [] },
);
const pieceSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('standard input under any options and another name of format gives the same', async () => {
  const spoolDir = await temporaryFolder();
  await holds(fc.tuple(anyDocument, options, pieceSizes), async ([document, given, sizes]) => {
    const stdin = Readable.from(cut(document.bytes, sizes));
    const reading = await readingOf({ files: ['-'], stdin, spoolDir, ...given });
    if (!('refused' in reading)) return expectWhole(reading);
    expect(reading.message).not.toContain(`@${DOMAIN}`);
    const isUsage = given.delimiter !== undefined || given.defaultCulture !== undefined;
    expect(reading.refused).toMatch(isUsage ? /^E_(?:FILE_|USAGE)/ : /^E_FILE_/);
  });
});

test('slices of any size give what the whole gives', async () => {
  await holds(fc.tuple(anyDocument, pieceSizes), ([document, sizes]) => {
    expect(readIn(document, sizes)).toEqual(readIn(document, [document.bytes.length + 1]));
  });
});

test('files that are huge in one respect end in time too', async () => {
  const path = join(await temporaryFolder(), 'giant');
  const check = async ({ format, bytes }: Document) => {
    await writeFile(path, bytes);
    expectWhole(await readingOf({ files: [path], format }));
  };
  await holds(giants, check, { share: 0.05 });
});

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const slices: Buffer[] = [];
  for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    slices.push(bytes.subarray(from, from + size));
    from += size;
  }
  return slices;
}

/** The records of a document read in slices. The slices decide which of two faults comes first. */
function readIn({ format, bytes }: Document, sizes: readonly number[]): RawRecord[] | 'refused' {
  const text = new FileText('p');
  const reader = readerFor(format, 'p', { names: new ColumnNames() });
  const records: RawRecord[] = [];
  try {
    for (const slice of cut(bytes, sizes)) records.push(...reader.push(text.push(slice)));
    records.push(...reader.push(text.end()), ...reader.end());
    return records;
  } catch (error) {
    if (error instanceof OnboardError) return 'refused';
    throw error;
  }
}
