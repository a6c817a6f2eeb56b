import type { Role } from './accounts.ts';

/** EmployeeType in requests; any other integer acts like All (P-ROLE-05). */
export const employeeType = { All: 0, RoomAdmin: 1, Guest: 2, DocSpaceAdmin: 3, User: 4 } as const;

const byName = new Map<string, number>(
  Object.entries(employeeType).map(([name, value]) => [name.toLowerCase(), value]),
);
const MAX_INT32 = 2_147_483_647;

/**
 * The number behind a JSON value: a name in any case, an integer, digits, or a comma list of
 * names, because it is a Flags enum (P-JSON-05). Undefined when it does not parse.
 */
export function parseEmployeeType(value: unknown): number | undefined {
  if (typeof value === 'number') return isInt32(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const flags = value.split(',').map((part) => parseFlag(part.trim()));
  return flags.includes(undefined)
    ? undefined
    : flags.reduce<number>((sum, flag = 0) => sum | flag, 0);
}

function parseFlag(text: string): number | undefined {
  const named = byName.get(text.toLowerCase());
  if (named !== undefined) return named;
  return /^[+-]?\d{1,10}$/.test(text) && isInt32(Number(text)) ? Number(text) : undefined;
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= MAX_INT32;
}

/** The role of an account of this type; All and unknown numbers get no group, hence RoomAdmin. */
export function roleOf(type: number): Role {
  if (type === employeeType.User) return 'User';
  if (type === employeeType.Guest) return 'Guest';
  return type === employeeType.DocSpaceAdmin ? 'DocSpaceAdmin' : 'RoomAdmin';
}

const ascending: readonly Role[] = ['Guest', 'User', 'RoomAdmin', 'DocSpaceAdmin'];

/** Whether an invite for `type` promotes an account of `role`; All ranks lowest. */
export function isPromotion(role: Role, type: number): boolean {
  const rank = ascending.findIndex((one) => employeeType[one] === type);
  return rank > ascending.indexOf(role);
}
