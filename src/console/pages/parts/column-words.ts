/** Orders of the names in a column of whole names. */
export const splitOrders = [
  ['first last', 'as Ana Lee'],
  ['last, first', 'as Lee, Ana'],
] as const;

/** Columns that a header can be mapped to, in words. */
export const meanings = [
  ['email', 'e-mail'],
  ['first_name', 'first name'],
  ['last_name', 'last name'],
  ['name first last', 'whole name, as Ana Lee'],
  ['name last, first', 'whole name, as Lee, Ana'],
  ['type', 'account type'],
  ['culture', 'language'],
  ['department', 'group'],
  ['comment', 'comment'],
] as const;

const words: Readonly<Record<string, string>> = {
  email: 'e-mail',
  firstName: 'first name',
  lastName: 'last name',
  name: 'whole name',
  type: 'account type',
  culture: 'language',
  department: 'group',
  comment: 'comment',
};

/** A column in words. */
export function columnWord(column: string): string {
  return words[column] ?? column;
}
