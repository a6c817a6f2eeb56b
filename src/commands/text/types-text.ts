import { grouped } from '../../count.ts';
import { accountTypes, type TypeCounts } from '../../people/account-types.ts';

/** Numbers of people by type, as `3 User, 1 RoomAdmin`. */
export function typesText(counts: TypeCounts): string {
  const named = accountTypes.filter((type) => counts[type] !== undefined);
  return named.map((type) => `${grouped(counts[type] ?? 0)} ${type}`).join(', ');
}
