import type { AccountType } from '../people/account-types.ts';
import type { Person } from '../people/person.ts';
import { checkEmail, type Finding } from './check-email.ts';
import { checkName, defaultNamePattern, withPlainApostrophe } from './check-name.ts';
import {
  checkComment,
  checkCulture,
  checkDepartments,
  departmentsIn,
  typeFrom,
} from './check-options.ts';
import { type Column, columns, type Entry, type Fault, type RawRecord } from './entry.ts';
import { faultOf } from './fault.ts';

/** Rules for rows. */
export interface PersonRules {
  /** Type of rows without one. */
  defaultType: AccountType;
  /** Culture of rows without one; none by default. */
  defaultCulture?: string | undefined;
  /** The portal's `userNameRegex` (P-CREATE-05). */
  namePattern?: RegExp | undefined;
}

/** Cells of a row in NFC. */
type Cells = Partial<Record<Column, string>>;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
const noFindings: readonly Finding[] = [];

/**
 * Makes a function that turns records of `file` into entries: a person, or the row with all of its
 * faults. A person satisfies personSchema, as a test checks; parsing with it here would check the
 * same limits again (30 to 70 ms for 100,000 rows).
 */
export function entryMaker(rules: PersonRules, file: string): (record: RawRecord) => Entry {
  const pattern = new RegExp(
    rules.namePattern?.source ?? defaultNamePattern.source,
    // A global or sticky pattern would remember where the last name matched.
    (rules.namePattern ?? defaultNamePattern).flags.replace(/[gy]/g, ''),
  );
  return (record) => {
    const at = { file, line: record.line };
    const cells = normalised(record);
    // With missing or extra cells, the others are most likely in the wrong columns.
    const faults = record.faults.some((fault) => fault.field === 'row')
      ? record.faults
      : [...record.faults, ...faultsOf(cells, record, pattern)];
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
  return column === 'firstName' || column === 'lastName' ? withPlainApostrophe(text) : text;
}

function faultsOf(cells: Cells, record: RawRecord, pattern: RegExp): Fault[] {
  const faults: Fault[] = [];
  for (const field of columns) {
    const value = cells[field];
    if (value === undefined || record.faults.some((fault) => fault.field === field)) continue;
    for (const finding of findingsIn(field, value, pattern)) {
      faults.push(faultOf({ field, value, ...finding }));
    }
  }
  return faults;
}

function findingsIn(field: Column, value: string, pattern: RegExp): readonly Finding[] {
  if (value === '') return field === 'email' || field === 'firstName' ? [required] : noFindings;
  if (!PRINTABLE_ASCII.test(value) && CONTROL.test(value)) return [control];
  switch (field) {
    case 'email':
      return checkEmail(value);
    case 'firstName':
    case 'lastName':
      return checkName(value, pattern);
    case 'type': {
      const type = typeFrom(value);
      return typeof type === 'string' ? noFindings : [type];
    }
    case 'culture':
      return checkCulture(value);
    case 'department':
      return checkDepartments(departmentsIn(value));
    case 'comment':
      return checkComment(value);
  }
}

const required: Finding = { code: 'required', reason: 'The cell is empty; fill it in.' };
const control: Finding = {
  code: 'control-character',
  reason: 'The cell has a tab, a line break or another control character; remove it.',
};

function personFrom(cells: Cells, rules: PersonRules): Person {
  const type = cells.type === undefined ? rules.defaultType : typeFrom(cells.type);
  const department = departmentsIn(cells.department ?? '');
  return {
    email: cells.email ?? '',
    firstName: cells.firstName ?? '',
    lastName: cells.lastName ?? '',
    type: typeof type === 'string' ? type : rules.defaultType,
    culture: cells.culture ?? rules.defaultCulture,
    department: department.length === 0 ? undefined : department,
    comment: cells.comment,
  };
}
