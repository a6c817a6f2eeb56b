import type { OnboardError } from '../errors.ts';
import { type Column, columns, type RawPerson, type SourceLine } from './entry.ts';
import { fileError } from './file-error.ts';

/** Most names that a message lists, and most characters of each. */
const SHOWN_NAMES = 20;
const SHOWN_LENGTH = 40;

/** Most names of columns without a meaning that are kept; they are the file's, and have no end. */
export const REMEMBERED_IGNORED = 50;

/**
 * Usual headers of each column. The first of each is the key that the DocSpace sample for inviting
 * users reads (first_name, last_name, email), or the field's name in POST /people.
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

/** A header or a word without what people vary: case, accents, blanks and punctuation. */
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

/** The column that a header or a JSON key means, in any usual spelling; undefined if none. */
export function columnOf(header: string): Column | undefined {
  return columnBySpelling.get(simplify(header));
}

/** A person's cells before any is known. */
export function emptyRaw(): RawPerson {
  return { email: '', firstName: '', lastName: '' };
}

/** Writes a cell into its column, trimmed (JavaScript's trim takes NBSP and BOM too). */
export function putCell(raw: RawPerson, column: Column, cell: string): void {
  const value = cell.trim();
  if (value !== '') raw[column] = value;
}

/** The columns without which nobody can be created, that `has` does not hold. */
export function missingColumns(has: ReadonlySet<Column>): Column[] {
  return (['email', 'firstName', 'lastName'] as const).filter((column) => !has.has(column));
}

/** E_FILE_COLUMNS for columns that a file lacks; names what was found instead. */
export function missingColumnsError(
  at: { file: string; line?: number },
  missing: readonly Column[],
  found: readonly string[],
): OnboardError {
  const lacks = `there is no column for ${missing.map((column) => spellings[column][0]).join(', ')}`;
  // A file without a header starts with a person, whose data must not reach a message.
  if (missing.length === 3 && found.some((name) => name.includes('@'))) {
    const advice = 'the first line looks like a person; put a header line before it.';
    return fileError('E_FILE_COLUMNS', at, `${lacks}: ${advice}`);
  }
  const names = found.length === 0 ? 'none' : found.slice(0, SHOWN_NAMES).map(shown).join(', ');
  return fileError('E_FILE_COLUMNS', at, `${lacks}; found: ${names}. Add or rename the columns.`);
}

/** E_FILE_COLUMNS for two headers of which each means `column`. */
export function sameColumnError(
  at: SourceLine,
  column: Column,
  pair: readonly [string, string],
): OnboardError {
  const both = pair.map(shown).join(' and ');
  const sentence = `${both} both mean the column ${spellings[column][0]}; keep one of them.`;
  return fileError('E_FILE_COLUMNS', at, sentence);
}

/** A header as it may be kept and shown: trimmed, short, and never an address. */
export function plainName(name: string): string {
  if (name.includes('@')) return '(an e-mail address)';
  const plain = name.trim().replace(/\p{C}/gu, '?');
  return plain.length > SHOWN_LENGTH ? `${plain.slice(0, SHOWN_LENGTH)}…` : plain;
}

function shown(name: string): string {
  return JSON.stringify(plainName(name));
}
