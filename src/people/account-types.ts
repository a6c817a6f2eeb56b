import { grouped } from '../count.ts';

/** Types that POST /people accepts (P-ROLE-05, P-ROLE-06); `All` makes a RoomAdmin on a paid seat. */
export const accountTypes = ['User', 'RoomAdmin', 'DocSpaceAdmin', 'All'] as const;
export type AccountType = (typeof accountTypes)[number];

/** Types with more rights than a User. */
export const higherTypes = accountTypes.filter((type) => type !== 'User');

/** Numbers of people by type; a type without anybody is absent. */
export type TypeCounts = Partial<Record<AccountType, number>>;

/** Whether nobody has another type than User. */
export function areAllUsers(counts: TypeCounts): boolean {
  return higherTypes.every((type) => (counts[type] ?? 0) === 0);
}

/** Types that a row may have besides the submission's own `type`, each once, in one order. */
export function typesBeside(type: AccountType, allowed: readonly AccountType[] = []) {
  return accountTypes.filter((each) => each !== type && allowed.includes(each));
}

/** Numbers of people by type, as `3 User, 1 RoomAdmin`. */
export function typesText(counts: TypeCounts): string {
  const named = accountTypes.filter((type) => counts[type] !== undefined);
  return named.map((type) => `${grouped(counts[type] ?? 0)} ${type}`).join(', ');
}
