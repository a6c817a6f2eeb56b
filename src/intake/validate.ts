import type { AccountType } from '../people/account-types.ts';
import type { Person } from '../people/person.ts';
import { printable } from '../printable.ts';
import {
  type CellRule,
  conclusive,
  defaultNamePattern,
  departmentsIn,
  rulesOf,
  typeFrom,
} from './cell-rules.ts';
import { type Column, columns, type Entry, type Fault, type RawRecord } from './entry.ts';

export interface PersonRules {
  /** Type of rows without one. */
  defaultType: AccountType;
  /** Types that rows may name besides `defaultType`; other rows are rejected. */
  allowedTypes?: readonly AccountType[] | undefined;
  /** Culture of rows without one; none by default. */
  defaultCulture?: string | undefined;
  /**
   * The portal's `userNameRegex` (P-CREATE-05); ours by default. `unusable` leaves the characters of
   * names to the portal.
   */
  namePattern?: RegExp | 'unusable' | undefined;
}

/** Cells of a row in NFC. */
type Cells = Partial<Record<Column, string>>;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
/** Limit of the characters that a fault quotes. */
const SHOWN_LENGTH = 120;

/**
 * Makes a function that turns records of `file` into entries: a person, or the row with all of its
 * faults. A person satisfies personSchema, as a test checks; parsing with it here would check the
 * same limits again (30 to 70 ms for 100,000 rows).
 */
export function entryMaker(rules: PersonRules, file: string): (record: RawRecord) => Entry {
  const cellRules = rulesOf(rules.namePattern ?? defaultNamePattern, [
    rules.defaultType,
    ...(rules.allowedTypes ?? []),
  ]);
  return (record) => {
    const at = { file, line: record.line };
    const cells = normalised(record);
    // With missing or extra cells, the others are most likely in the wrong columns.
    const faults = record.faults.some((fault) => fault.field === 'row')
      ? record.faults
      : [...record.faults, ...faultsOf(cells, record, cellRules)];
    if (faults.length > 0) return { kind: 'rejected', at, raw: record.raw, faults };
    return { kind: 'person', at, person: personFrom(cells, rules) };
  };
}

function normalised({ raw }: RawRecord): Cells {
  const cells: Cells = {};
  for (const column of columns) {
    const cell = raw[column];
    if (cell !== undefined) cells[column] = PRINTABLE_ASCII.test(cell) ? cell : nfc(column, cell);
  }
  return cells;
}

function nfc(column: Column, cell: string): string {
  const text = cell.normalize('NFC');
  // The portal allows one apostrophe (P-CREATE-05).
  return column === 'firstName' || column === 'lastName'
    ? text.replace(/[\u2019\u02BC]/g, "'")
    : text;
}

function faultsOf(cells: Cells, record: RawRecord, rules: ReturnType<typeof rulesOf>): Fault[] {
  const faults: Fault[] = [];
  for (const field of columns) {
    const cell = cells[field];
    if (cell === undefined || record.faults.some((fault) => fault.field === field)) continue;
    for (const { code, reason } of brokenRules(field, cell, rules[field])) {
      faults.push({ field, code, value: quoted(cell), reason });
    }
  }
  return faults;
}

type Broken = Pick<CellRule, 'code' | 'reason'>;

function brokenRules(field: Column, cell: string, rules: readonly CellRule[]): readonly Broken[] {
  if (cell === '') return field === 'email' || field === 'firstName' ? [required] : [];
  if (!PRINTABLE_ASCII.test(cell) && CONTROL.test(cell)) return [control];
  const broken = rules.filter(({ allows }) => !allows(cell));
  const end = broken.findIndex(({ code }) => conclusive.includes(code));
  return end === -1 ? broken : broken.slice(0, end + 1);
}

const required: Broken = { code: 'required', reason: 'The cell is empty; fill it in.' };
const control: Broken = {
  code: 'control-character',
  reason: 'The cell has a tab, a line break or another control character; remove it.',
};

/** A cell for storing and printing. */
function quoted(cell: string): string {
  const short = cell.length > SHOWN_LENGTH ? `${cell.slice(0, SHOWN_LENGTH)}…` : cell;
  return printable(short);
}

function personFrom(cells: Cells, rules: PersonRules): Person {
  const department = departmentsIn(cells.department ?? '');
  return {
    email: cells.email ?? '',
    firstName: cells.firstName ?? '',
    lastName: cells.lastName ?? '',
    type: typeFrom(cells.type ?? '') ?? rules.defaultType,
    culture: cells.culture ?? rules.defaultCulture,
    department: department.length === 0 ? undefined : department,
    comment: cells.comment,
  };
}
