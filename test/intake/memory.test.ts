import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Format } from '../../src/intake/format.ts';
import { open, temporaryFolder } from './intake-fixtures.ts';

const ROWS = 60_000;
const ROWS_PER_SLICE = 1000;
const MEBIBYTE = 1_048_576;
/** Stored as objects, the entries of 60,000 rows take more than 18 MiB. */
const ALLOWED_GROWTH = 8 * MEBIBYTE;

const collectGarbage = garbageCollector();

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Bytes on the heap that are in use. */
function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function rowsFrom(format: Format, first: number): string {
  let rows = '';
  for (let row = first; row < first + ROWS_PER_SLICE; row += 1) {
    const [email, name] = [`p${row}@example.com`, row % 3 === 0 ? 'Ana2' : 'Zoé'];
    const person = { email, first_name: name, last_name: 'Lee', notes: 'n' };
    const separator = row === 0 ? '' : ',';
    rows +=
      format === 'csv' ? `${email},${name},"Lee",n\n` : `${separator}${JSON.stringify(person)}\n`;
  }
  return rows;
}

function* slicesOf(format: Format): Generator<string> {
  yield format === 'csv' ? 'email,first_name,last_name,notes\n' : '[';
  for (let row = 0; row < ROWS; row += ROWS_PER_SLICE) yield rowsFrom(format, row);
  if (format === 'json') yield ']';
}

test.each(['csv', 'json'] as const)('memory does not grow with the rows of %s', async (format) => {
  const path = join(await temporaryFolder(), `people.${format}`);
  await pipeline(Readable.from(slicesOf(format)), createWriteStream(path));
  const before = heapInUse();
  const source = await open([path]);
  expect(heapInUse() - before).toBeLessThan(ALLOWED_GROWTH);
  let entries = 0;
  let highest = 0;
  let lastLine = 0;
  for await (const { at } of source.entries()) {
    entries += 1;
    lastLine = at.line;
    if (entries % 12_000 === 0) highest = Math.max(highest, heapInUse());
  }
  expect(entries).toBe(ROWS);
  expect(lastLine).toBe(format === 'csv' ? ROWS + 1 : ROWS);
  expect(highest - before).toBeLessThan(ALLOWED_GROWTH);
});
