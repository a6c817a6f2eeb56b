import { OnboardError } from '../errors.ts';
import { columns } from '../intake/entry.ts';
import type { AccountType } from '../people/account-types.ts';

/** One person to onboard, checked like a row of a file. */
export interface PersonInput {
  email: string;
  firstName: string;
  /** May be empty. */
  lastName: string;
  /** Account type; that of the submission by default. */
  type?: AccountType;
  /** Language of the account, such as `de` or `en-US`. */
  culture?: string;
  /** Names of groups of the portal, or their ids. */
  groups?: readonly string[];
  /** As `groups`. */
  department?: string | readonly string[];
  comment?: string;
}

/** People from memory, a database cursor or a stream. */
export type PeopleSource = Iterable<PersonInput> | AsyncIterable<PersonInput>;

/** Characters of one piece. */
const PIECE_LENGTH = 65_536;

/**
 * Writes people as NDJSON, in pieces: the columns of intake in one order, so that the same people
 * are the same text. Memory does not grow with their number.
 * @throws {OnboardError} E_USAGE for anything but an iterable of objects; passes on errors of the
 * source.
 */
export async function* ndjsonOf(people: PeopleSource): AsyncGenerator<string> {
  refuseOthers(people);
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

/** A value from outside may have any form. */
function refuseOthers(people: unknown): void {
  const isObject = typeof people === 'object' && people !== null;
  if (isObject && (Symbol.iterator in people || Symbol.asyncIterator in people)) return;
  const text = 'submit: give an array or another iterable of people; submitFiles takes files';
  throw new OnboardError('E_USAGE', text);
}

function lineOf(person: unknown, count: number): string {
  if (typeof person !== 'object' || person === null || Array.isArray(person)) {
    const text = `person ${count}: give an object with email, firstName and lastName`;
    throw new OnboardError('E_USAGE', text);
  }
  const cells: Readonly<Record<string, unknown>> = { ...person };
  const known = columns.map((column) => [column, plain(cells[column])] as const);
  const { groups } = cells;
  const more = groups === undefined ? {} : { groups };
  return JSON.stringify({ ...Object.fromEntries(known), ...more });
}

/** JSON has no bigint; it becomes text like other numbers. */
function plain(cell: unknown): unknown {
  return typeof cell === 'bigint' ? String(cell) : cell;
}
