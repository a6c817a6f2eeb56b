import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type fc from 'fast-check';
import { expect } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import type { Entry } from '../../src/intake/entry.ts';
import type { Format } from '../../src/intake/format.ts';
import type { IntakeOptions } from '../../src/intake/intake-options.ts';
import { openSource } from '../../src/intake/source.ts';
import { personSchema } from '../../src/people/person.ts';
import { temporaryFolder } from '../intake/intake-fixtures.ts';
import { holds } from './holds.ts';

export type Reading = { rows: number; entries: Entry[] } | { refused: string; message: string };

/** Runs both passes of the options' files; any error except intake's own fails the test. */
export async function readingOf(
  options: Partial<IntakeOptions> & { files: readonly string[] },
): Promise<Reading> {
  const source = await openSource({
    stdin: Readable.from([]),
    defaultType: 'User',
    ...options,
  }).catch(refusalOf);
  if ('refused' in source) return source;
  try {
    const entries: Entry[] = [];
    for await (const entry of source.entries()) entries.push(entry);
    return { rows: source.rows, entries };
  } catch (error) {
    return refusalOf(error);
  } finally {
    await source.close();
  }
}

function refusalOf(error: unknown): { refused: string; message: string } {
  if (error instanceof OnboardError && /^E_(?:FILE_[A-Z]+|USAGE)$/.test(error.code)) {
    return { refused: error.code, message: error.message };
  }
  throw error;
}

/** Checks that every record is a valid person or a row with its faults, in the file's order. */
export function expectWhole(reading: Reading): void {
  if ('refused' in reading) {
    expect(reading.refused).toMatch(/^E_FILE_(?!CHANGED)/);
    expect(reading.message).toMatch(/^\S.*\S$/);
    return;
  }
  const persons = reading.entries.filter((entry) => entry.kind === 'person');
  const rejected = reading.entries.filter((entry) => entry.kind === 'rejected');
  expect(persons.length + rejected.length).toBe(reading.rows);
  expect(reading.rows).toBeGreaterThan(0);
  for (const { person } of persons) expect(personSchema.parse(person)).toEqual(person);
  for (const { faults } of rejected) expect(faults.length).toBeGreaterThan(0);
  const lines = reading.entries.map(({ at }) => at.line);
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
}

/** Holds for content made by `arbitrary`, each written to one file in turn; tells what was seen. */
export async function holdsFor(
  format: Format,
  arbitrary: fc.Arbitrary<string | Uint8Array>,
): Promise<Set<string>> {
  const path = join(await temporaryFolder(), 'input');
  const seen = new Set<string>();
  await holds(arbitrary, async (content) => {
    await writeFile(path, content);
    const reading = await readingOf({ files: [path], format });
    expectWhole(reading);
    seen.add('refused' in reading ? reading.refused : 'entries');
  });
  return seen;
}
