import { OnboardError } from '../errors.ts';
import { line, printable } from '../printable.ts';
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
  email: listed(`
    email, mail, email address, mail address, work email, user email, email id,
    email adresse, mailadresse, adresse email, adresse mail, courriel, e-mailadres, correo,
    correo electrónico, posta elettronica, e-posta, электронная почта, эл. почта, почта, メール,
    メールアドレス, 邮箱, 电子邮件, 電子郵件, 이메일`),
  firstName: listed(`
    first_name, first, given name, given, forename, fname, vorname, prénom, nombre, nome,
    voornaam, förnamn, fornavn, imię, имя, 名, 이름`),
  lastName: listed(`
    last_name, last, surname, family name, family, lname, nachname, zuname, familienname,
    nom, nom de famille, apellido, apellidos, cognome, sobrenome, achternaam, efternamn,
    etternavn, efternavn, nazwisko, фамилия, 姓, 성`),
  type: listed(`
    type, role, account type, user type, user role, employee type, rolle, typ, rôle, rol,
    ruolo, роль, тип`),
  culture: listed(`
    culture, culture name, language, lang, locale, sprache, langue, idioma, lingua, taal,
    язык`),
  department: listed(`
    department, departments, dept, department id, department ids, abteilung, département,
    departamento, отдел`),
  comment: listed(`
    comment, comments, note, notes, remark, remarks, kommentar, bemerkung, notiz,
    commentaire, comentario, комментарий, примечание`),
};

function listed(names: string): string[] {
  return names.split(',').map((name) => name.trim());
}

/** Removes case, accents, spaces and punctuation from a header or a word. */
function simplify(text: string): string {
  const plain = text.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '');
  return plain.toLowerCase();
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

export const emptyRaw = (): RawPerson => ({ email: '', firstName: '', lastName: '' });

/** Writes a cell into its column, trimmed (JavaScript's trim removes NBSP and BOM too). */
export function putCell(raw: RawPerson, column: Column, cell: string): void {
  const value = cell.trim();
  if (value !== '') raw[column] = value;
}

/** Throws E_FILE_COLUMNS for required columns that `has` lacks; it names the columns found. */
export function refuseMissing(
  has: { has(column: Column): boolean },
  found: readonly string[],
  at: { file: string; line?: number },
): void {
  const missing = (['email', 'firstName', 'lastName'] as const).filter((name) => !has.has(name));
  if (missing.length === 0) return;
  const lacks = `no column for ${missing.map((column) => spellings[column][0]).join(', ')}`;
  // A file without a header starts with a person, and personal data must not reach a message.
  if (missing.length === 3 && found.some((name) => name.includes('@'))) {
    const advice = 'the first line looks like a person; put a header line before it.';
    throw fileError('E_FILE_COLUMNS', at, `${lacks}: ${advice}`);
  }
  const names = found.slice(0, SHOWN_NAMES).map(shown).join(', ') || 'none';
  throw fileError('E_FILE_COLUMNS', at, `${lacks}; found: ${names}. Add or rename the columns.`);
}

/** Notes the header of a column; throws E_FILE_COLUMNS for a second one with this meaning. */
export function noteHeader(
  headers: Map<Column, string>,
  { column, header }: { column: Column; header: string },
  at: SourceLine,
): void {
  const before = headers.get(column);
  if (before !== undefined) {
    const both = `${shown(before)} and ${shown(header)}`;
    const sentence = `${both} both mean the column ${spellings[column][0]}; remove one of them.`;
    throw fileError('E_FILE_COLUMNS', at, sentence);
  }
  headers.set(column, header);
}

/** A header for storing and showing: trimmed, short, and never an address. */
export function plainName(name: string): string {
  if (name.includes('@')) return '(an e-mail address)';
  const plain = printable(name.trim());
  return plain.length > SHOWN_LENGTH ? `${plain.slice(0, SHOWN_LENGTH)}…` : plain;
}

function shown(name: string): string {
  return JSON.stringify(plainName(name));
}

/**
 * The columns of headers and JSON keys: those of `--map`, otherwise the usual spellings. A mapped
 * column has no other name, so that `Email (old)` beside it is ignored.
 */
export class ColumnNames {
  readonly #mapped = new Map<string, { header: string; column: Column }>();
  readonly #seen = new Set<string>();

  /**
   * `maps` are texts such as `E-Mail Address=email`.
   * @throws {OnboardError} E_USAGE
   */
  constructor(maps: readonly string[] = []) {
    for (const map of maps) {
      const at = map.lastIndexOf('=');
      const header = map.slice(0, Math.max(at, 0)).trim();
      const key = simplify(header);
      const column = columnOf(map.slice(at + 1));
      if (key === '' || column === undefined) {
        const known = columns.map((name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`));
        const text = `give a header and a column, as "E-Mail Address=email"; columns are ${known.join(', ')}`;
        throw new OnboardError('E_USAGE', line`--map ${map}: ${text}`);
      }
      if (this.#isMapped(column) || this.#mapped.has(key)) {
        const text = line`--map ${map}: the header or the column is mapped already`;
        throw new OnboardError('E_USAGE', text);
      }
      this.#mapped.set(key, { header, column });
    }
  }

  /** The column of a header or a JSON key; undefined if unknown. */
  columnOf(header: string): Column | undefined {
    const key = simplify(header);
    const mapped = this.#mapped.get(key);
    if (mapped !== undefined) {
      this.#seen.add(key);
      return mapped.column;
    }
    const column = columnOf(header);
    return this.#isMapped(column) ? undefined : column;
  }

  #isMapped(column: Column | undefined): boolean {
    return [...this.#mapped.values()].some((other) => other.column === column);
  }

  /**
   * Checks the mapped headers after every file was read.
   * @throws {OnboardError} E_FILE_COLUMNS for a mapped header that no file has.
   */
  refuseUnseen(files: readonly string[]): void {
    for (const [key, { header }] of this.#mapped) {
      if (this.#seen.has(key)) continue;
      const sentence = `--map: no column ${shown(header)} found; check the header, or remove the mapping.`;
      throw fileError('E_FILE_COLUMNS', { file: files.join(', ') }, sentence);
    }
  }

  /** The mappings in one order and spelling; empty without any. */
  toString(): string {
    const lines = [...this.#mapped].map(([key, { column }]) => `${key}=${column}`);
    return lines.sort().join('\n');
  }
}
