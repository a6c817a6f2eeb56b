import { printable } from '../../printable.ts';
import type { SourceLine } from '../entry.ts';
import { fileError } from '../file-error.ts';
import { type Meaning, meaningOf, spellings } from './spellings.ts';

/** Limits of the names in a message, and of the characters of each. */
const SHOWN_NAMES = 20;
const SHOWN_LENGTH = 40;

/** Limit of the headers that an error carries for a program. */
const MOST_HEADERS = 200;

/** Characters that keep their meaning between double quotes in every shell. */
const PLAIN_IN_SHELL = /^[^"$`\\!\p{C}]*$/u;

/** Headers of a file as far as an error needs them. */
interface Found {
  required: readonly Meaning[];
  found: readonly string[];
}

/** Throws E_FILE_COLUMNS for required columns that `has` lacks; it names the columns found. */
export function refuseMissing(
  has: { has(meaning: Meaning): boolean },
  { required, found }: Found,
  at: { file: string; line?: number },
): void {
  const missing = required.filter((name) => !has.has(name));
  const [first] = missing;
  if (first === undefined) return;
  const lacks = `no column for ${missing.map(keyOf).join(', ')}`;
  // A file without a header starts with a person, and personal data must not reach a message.
  if (missing.length === required.length && found.some((name) => name.includes('@'))) {
    const advice =
      'this line looks like a person; put a header line before it (its names can be given by --map "HEADER=email").';
    throw fileError('E_FILE_COLUMNS', at, `${lacks}: ${advice}`);
  }
  const names = found.slice(0, SHOWN_NAMES).map(shown).join(', ') || 'none';
  const sentence = `${lacks}; found: ${names}. ${adviceFor(first, found)}`;
  throw fileError('E_FILE_COLUMNS', { ...at, headers: headersIn(found) }, sentence);
}

/** Headers for a program that lets a person map them; an address among them is left out. */
function headersIn(found: readonly string[]): string[] {
  const plain = found.map((name) => name.trim()).filter((name) => !name.includes('@'));
  return [...new Set(plain)].slice(0, MOST_HEADERS);
}

function adviceFor(missing: Meaning, found: readonly string[]): string {
  const whole = found.find((name) => meaningOf(name) === 'name');
  const advice = `Rename the header, or name it: --map "HEADER=${keyOf(missing)}".`;
  if (missing === 'email' || whole === undefined) return advice;
  const column = `If ${shown(whole)} holds whole names`;
  return `${column}: --split-name "first last" or --split-name "last, first". ${advice}`;
}

/**
 * Notes the header of a column; throws E_FILE_COLUMNS for a second one with this meaning, except for
 * groups, of which a list may have several columns.
 */
export function noteHeader(
  headers: Map<Meaning, string>,
  { meaning, header, all = [] }: { meaning: Meaning; header: string; all?: readonly string[] },
  at: SourceLine,
): void {
  const before = headers.get(meaning);
  if (before !== undefined && meaning === 'department') return;
  if (before !== undefined) {
    const both = `${shown(before)} and ${shown(header)}`;
    const choose = `choose one: ${mapFlag(before, meaning)} or ${mapFlag(header, meaning)}.`;
    const sentence = `${both} both mean the column ${keyOf(meaning)}; ${choose}`;
    throw fileError('E_FILE_COLUMNS', { ...at, headers: headersIn(all) }, sentence);
  }
  headers.set(meaning, header);
}

/** The flag that gives a header its column, for pasting into a shell. */
export function mapFlag(header: string, meaning: Meaning): string {
  return `--map ${shellWord(`${pasteable(header)}=${keyOf(meaning)}`)}`;
}

/** The flag that leaves a column out, for pasting into a shell. */
export function ignoreFlag(header: string): string {
  return `--ignore ${shellWord(pasteable(header))}`;
}

function pasteable(header: string): string {
  const name = header.trim();
  return name.includes('@') || name.length > SHOWN_LENGTH ? 'HEADER' : printable(name);
}

/** A word that no shell expands: a header may hold $(…). */
function shellWord(text: string): string {
  return PLAIN_IN_SHELL.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The name of a column in messages. */
export function keyOf(meaning: Meaning): string {
  return spellings[meaning][0] ?? meaning;
}

/** A header for storing and showing: trimmed, short, and never an address. */
export function plainName(name: string): string {
  if (name.includes('@')) return '(an e-mail address)';
  const plain = printable(name.trim());
  return plain.length > SHOWN_LENGTH ? `${plain.slice(0, SHOWN_LENGTH)}…` : plain;
}

/** A header between quotes, for showing. */
export function shown(name: string): string {
  return JSON.stringify(plainName(name));
}
