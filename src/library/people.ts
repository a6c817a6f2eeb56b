import type { AccountType } from '../account-types.ts';
import { OnboardError } from '../errors.ts';
import { columns } from '../intake/entry.ts';

/** One person to onboard. What it holds is checked as a row of a file is. */
export interface PersonInput {
  email: string;
  firstName: string;
  /** May be empty. */
  lastName: string;
  /** Account type; without it, that of the submission. */
  type?: AccountType;
  /** Language of the account, as `de` or `en-US`. */
  culture?: string;
  /** Ids of groups of the portal. */
  department?: string | readonly string[];
  comment?: string;
}

/** People one after another, from memory, a database cursor, a stream. */
export type PeopleSource = Iterable<PersonInput> | AsyncIterable<PersonInput>;

/** Characters that are handed on together. */
const PIECE_LENGTH = 65_536;

/**
 * The people as NDJSON, in pieces: columns that intake knows, in one order, so that the same people
 * are the same text. Memory does not grow with their number.
 * @throws {OnboardError} E_USAGE for what is no object; what the source throws.
 */
export async function* ndjsonOf(people: PeopleSource): AsyncGenerator<string> {
  let piece = '';
  let count = 0;
  for await (const person of people) {
    count += 1;
    piece += `${lineOf(person, count)}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function lineOf(person: unknown, count: number): string {
  if (typeof person !== 'object' || person === null || Array.isArray(person)) {
    const text = `person ${count}: give an object with email, firstName and lastName`;
    throw new OnboardError('E_USAGE', text);
  }
  const cells: Readonly<Record<string, unknown>> = { ...person };
  const known = columns.map((column) => [column, plain(cells[column])] as const);
  return JSON.stringify(Object.fromEntries(known));
}

/** JSON has no big numbers; like other numbers they are taken as they are written. */
function plain(cell: unknown): unknown {
  return typeof cell === 'bigint' ? String(cell) : cell;
}
