import type { AccountType } from '../../people/account-types.ts';
import { nearestCulture } from '../../people/nearest-culture.ts';
import type { Person } from '../../people/person.ts';
import { printable } from '../../printable.ts';
import { columns, type Entry, type Fault, type RawRecord, type SingleColumn } from '../entry.ts';
import { type CellRule, conclusive, defaultNamePattern, rulesOf, typeFrom } from './cell-rules.ts';
import { cleanCell, codePointOf } from './clean-cell.ts';
import { type GroupCells, groupCellsOf } from './group-cells.ts';
import { mixesScripts } from './scripts.ts';

export interface PersonRules {
  /** Type of rows without one. */
  defaultType: AccountType;
  /** Types that rows may name besides `defaultType`; other rows are rejected. */
  allowedTypes?: readonly AccountType[] | undefined;
  /** Culture of rows without one; none by default. */
  defaultCulture?: string | undefined;
  /** Whether columns of groups are read; they are by default. */
  readsGroups?: boolean | undefined;
  /** The portal's cultures; without them, every well-formed one is sent. */
  cultures?: readonly string[] | undefined;
  /**
   * The portal's `userNameRegex` (P-CREATE-05); ours by default. `unusable` leaves the characters of
   * names to the portal.
   */
  namePattern?: RegExp | 'unusable' | undefined;
}

/** Cells of a row after cleaning, with the sentences about what was changed or left out. */
interface Cleaned {
  cells: Partial<Record<SingleColumn, string>>;
  groups: GroupCells;
  warnings: string[];
}

const singleColumns = columns.filter((column) => column !== 'department');

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** ASCII that cleaning changes: an apostrophe in names, and the scheme of an address. */
const CHANGED_ASCII = /`|^mailto:/i;
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
    // With missing or extra cells, the others are most likely in the wrong columns.
    const broken = record.faults.filter((fault) => fault.field === 'row');
    if (broken.length > 0) return { kind: 'rejected', at, raw: record.raw, faults: broken };
    const cleaned = cleanedOf(record, rules);
    const { faults: ofGroups } = cleaned.groups;
    const faults = [...record.faults, ...faultsOf(cleaned, record, cellRules), ...ofGroups];
    const { left, out } = leaveOut(faults);
    if (left.length > 0) return { kind: 'rejected', at, raw: record.raw, faults: left };
    const warnings = [...cleaned.warnings, ...out, ...fitCulture(cleaned.cells, rules)];
    const hasBadComment = faults.some(({ field }) => field === 'comment');
    const person = personFrom(cleaned, rules, hasBadComment);
    return warnings.length === 0
      ? { kind: 'person', at, person }
      : { kind: 'person', at, person, warnings };
  };
}

/** Neither comment nor group costs a person the account: they are left out, with a sentence. */
function leaveOut(faults: readonly Fault[]): { left: Fault[]; out: string[] } {
  const isOut = ({ field, code }: Fault) =>
    field === 'comment' || (field === 'department' && code !== 'group-reserved');
  const out = faults.filter(isOut).map(({ field, reason }) => `${field}: left out. ${reason}`);
  return { left: faults.filter((fault) => !isOut(fault)), out };
}

/** Replaces a culture that the portal does not have by its parent, or leaves it out; says so. */
function fitCulture(cells: Cleaned['cells'], { cultures }: PersonRules): string[] {
  const { culture } = cells;
  if (culture === undefined || cultures === undefined) return [];
  const found = nearestCulture(culture, cultures);
  if (found === undefined) delete cells.culture;
  else cells.culture = found;
  if (found?.toLowerCase() === culture.toLowerCase()) return [];
  return found === undefined
    ? [`culture: left out. The portal does not have ${culture}.`]
    : [`culture: ${culture} became ${found}, which the portal has`];
}

function cleanedOf({ raw }: RawRecord, { readsGroups = true }: PersonRules): Cleaned {
  const groups = groupCellsOf(readsGroups ? raw.department : []);
  const cleaned: Cleaned = { cells: {}, groups, warnings: [...groups.warnings] };
  for (const column of singleColumns) {
    const cell = raw[column];
    if (cell === undefined) continue;
    const isPlain = PRINTABLE_ASCII.test(cell) && !CHANGED_ASCII.test(cell);
    const { text, changes } = isPlain ? { text: cell, changes: [] } : cleanCell(column, cell);
    // An optional cell of invisible characters is an empty one, which is absent.
    if (text !== '' || isName(column)) cleaned.cells[column] = text;
    cleaned.warnings.push(...changes);
  }
  if (mixesScripts(cleaned.cells.email ?? '')) {
    cleaned.warnings.push('email: letters of two scripts that look alike are mixed in the address');
  }
  return cleaned;
}

function isName(column: SingleColumn): boolean {
  return column === 'email' || column === 'firstName' || column === 'lastName';
}

function faultsOf(
  { cells }: Cleaned,
  record: RawRecord,
  rules: ReturnType<typeof rulesOf>,
): Fault[] {
  const faults: Fault[] = [];
  for (const field of singleColumns) {
    const cell = cells[field];
    if (cell === undefined || record.faults.some((fault) => fault.field === field)) continue;
    for (const broken of brokenRules(field, cell, rules[field])) {
      const { code } = broken;
      faults.push({ field, code, value: quoted(cell), reason: reasonOf(broken, cell) });
    }
  }
  return faults;
}

type Broken = Pick<CellRule, 'code' | 'reason' | 'refused'>;

/** The reason of a rule, and the first character that it refuses, which may look like another. */
function reasonOf({ reason, refused }: Broken, cell: string): string {
  const character = refused?.(cell);
  if (character === undefined) return reason;
  return `${reason} Refused: "${printable(character)}" (${codePointOf(character)}).`;
}

function brokenRules(
  field: SingleColumn,
  cell: string,
  rules: readonly CellRule[],
): readonly Broken[] {
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
  refused: (cell) => CONTROL.exec(cell)?.[0],
};

/** A cell for storing and printing. */
function quoted(cell: string): string {
  const short = cell.length > SHOWN_LENGTH ? `${cell.slice(0, SHOWN_LENGTH)}…` : cell;
  return printable(short);
}

function personFrom(
  { cells, groups }: Cleaned,
  rules: PersonRules,
  hasBadComment: boolean,
): Person {
  return {
    email: cells.email ?? '',
    firstName: cells.firstName ?? '',
    lastName: cells.lastName ?? '',
    type: typeFrom(cells.type ?? '') ?? rules.defaultType,
    culture: cells.culture ?? rules.defaultCulture,
    department: groups.cells.length === 0 ? undefined : groups.cells,
    comment: hasBadComment ? undefined : cells.comment,
  };
}
