import type { OnboardError } from '../errors.ts';
import { type Column, columns, type RawPerson, type SourceLine } from './entry.ts';
import { fileError } from './file-error.ts';

/** Limits of the names in a message, and of the characters of each. */
const SHOWN_NAMES = 20;
const SHOWN_LENGTH = 40;

/** Limit of stored names of unknown columns; a file may have any number. */
export const REMEMBERED_IGNORED = 50;

/**
 * Usual headers of each column. The first is the key of DocSpace's sample for inviting users
 * (first_name, last_name, email), or the name of the field in POST /people.
 */
const spellings: Record<Column, readonly string[]> = {
  email: [
    ...['email', 'mail', 'email address', 'mail address', 'work email', 'user email', 'email id'],
    ...['email adresse', 'mailadresse', 'adresse email', 'adresse mail', 'courriel', 'e-mailadres'],
    ...['correo', 'correo electrónico', 'posta elettronica', 'e-posta', 'электронная почта'],
    ...['эл. почта', 'почта', 'メール', 'メールアドレス', '邮箱', '电子邮件', '電子郵件', '이메일'],
  ],
  firstName: [
    ...['first_name', 'first', 'given name', 'given', 'forename', 'fname', 'vorname', 'prénom'],
    ...['nombre', 'nome', 'voornaam', 'förnamn', 'fornavn', 'imię', 'имя', '名', '이름'],
  ],
  lastName: [
    ...['last_name', 'last', 'surname', 'family name', 'family', 'lname', 'nachname', 'zuname'],
    ...['familienname', 'nom', 'nom de famille', 'apellido', 'apellidos', 'cognome', 'sobrenome'],
    ...['achternaam', 'efternamn', 'etternavn', 'efternavn', 'nazwisko', 'фамилия', '姓', '성'],
  ],
  type: [
    ...['type', 'role', 'account type', 'user type', 'user role', 'employee type'],
    ...['rolle', 'typ', 'rôle', 'rol', 'ruolo', 'роль', 'тип'],
  ],
  culture: [
    ...['culture', 'culture name', 'language', 'lang', 'locale', 'sprache', 'langue', 'idioma'],
    ...['lingua', 'taal', 'язык'],
  ],
  department: [
    ...['department', 'departments', 'dept', 'department id', 'department ids'],
    ...['abteilung', 'département', 'departamento', 'отдел'],
  ],
  comment: [
    ...['comment', 'comments', 'note', 'notes', 'remark', 'remarks', 'kommentar', 'bemerkung'],
    ...['notiz', 'commentaire', 'comentario', 'комментарий', 'примечание'],
  ],
};

/** Removes case, accents, spaces and punctuation from a header or a word. */
export function simplify(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}

const columnBySpelling: ReadonlyMap<string, Column> = new Map(
  columns.flatMap((column) =>
    [column, ...spellings[column]].map((spelling) => [simplify(spelling), column] as const),
  ),
);

/** The column of a header or a JSON key in any usual spelling; undefined if unknown. */
export function columnOf(header: string): Column | undefined {
  return columnBySpelling.get(simplify(header));
}

/** A person without cells. */
export function emptyRaw(): RawPerson {
  return { email: '', firstName: '', lastName: '' };
}

/** Writes a cell into its column, trimmed (JavaScript's trim removes NBSP and BOM too). */
export function putCell(raw: RawPerson, column: Column, cell: string): void {
  const value = cell.trim();
  if (value !== '') raw[column] = value;
}

/** The required columns that `has` lacks. */
export function missingColumns(has: ReadonlySet<Column>): Column[] {
  return (['email', 'firstName', 'lastName'] as const).filter((column) => !has.has(column));
}

/** E_FILE_COLUMNS for missing columns; names the columns found. */
export function missingColumnsError(
  at: { file: string; line?: number },
  missing: readonly Column[],
  found: readonly string[],
): OnboardError {
  const lacks = `no column for ${missing.map((column) => spellings[column][0]).join(', ')}`;
  // A file without a header starts with a person, and personal data must not reach a message.
  if (missing.length === 3 && found.some((name) => name.includes('@'))) {
    const advice = 'the first line looks like a person; put a header line before it.';
    return fileError('E_FILE_COLUMNS', at, `${lacks}: ${advice}`);
  }
  const names = found.length === 0 ? 'none' : found.slice(0, SHOWN_NAMES).map(shown).join(', ');
  return fileError('E_FILE_COLUMNS', at, `${lacks}; found: ${names}. Add or rename the columns.`);
}

/** E_FILE_COLUMNS for two headers that mean the same column. */
export function sameColumnError(
  at: SourceLine,
  column: Column,
  pair: readonly [string, string],
): OnboardError {
  const both = pair.map(shown).join(' and ');
  const sentence = `${both} both mean the column ${spellings[column][0]}; remove one of them.`;
  return fileError('E_FILE_COLUMNS', at, sentence);
}

/** A header for storing and showing: trimmed, short, and never an address. */
export function plainName(name: string): string {
  if (name.includes('@')) return '(an e-mail address)';
  const plain = name.trim().replace(/\p{C}/gu, '?');
  return plain.length > SHOWN_LENGTH ? `${plain.slice(0, SHOWN_LENGTH)}…` : plain;
}

function shown(name: string): string {
  return JSON.stringify(plainName(name));
}
