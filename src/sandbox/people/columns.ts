import { PortalError } from '../http/portal-exceptions.ts';

/** Widths of the columns of an account in UTF-16 units (P-CREATE-12). */
const widths = {
  FirstName: 64,
  LastName: 64,
  CultureName: 20,
  Location: 255,
  Notes: 512,
  Contacts: 1024,
} as const;

type Columns = Partial<Record<keyof typeof widths, string | undefined>>;

/** One way to reach a person, as POST /people takes it. */
export interface Contact {
  readonly type: string;
  readonly value: string;
}

/** Contacts share one column. */
export function contactsColumn(contacts: readonly Contact[]): string {
  return contacts.map(({ type, value }) => `${type}|${value}`).join('|');
}

/** @throws PortalError 400, in English, for a value that is longer than its column */
export function checkWidths(values: Columns): void {
  for (const [name, width] of Object.entries(widths)) {
    const value = values[name as keyof typeof widths];
    if (value === undefined || value.length <= width) continue;
    const text = `must be a string or array type with a maximum length of '${width}'.`;
    throw new PortalError('badArgument', `The field ${name} ${text}`);
  }
}
