import { keysOf, type Ledger } from '../ledger.ts';
import { changeMarks } from '../lua/mark-rows.ts';
import { runScript } from '../lua/script.ts';
import { firstOf, setPositions } from './bitmap.ts';
import { decodeOutcome } from './row-codec.ts';
import { bucketOf } from './row-state.ts';

/** Facts about settled rows beside their states, each a bitmap. */
export const rowMarks = [
  /** Created, with an address that the invite does not take (P-INVITE-05). */
  'not-invitable',
  /** Created, and left out of the invite because the portal refused this entry. */
  'invite-refused',
  /** Created, with another role than was asked for. */
  'other-role',
  /** Existed before, with another role than was asked for; stays as it is. */
  'other-role-before',
  /** Found after a lost answer: its creation may have broken off, so it is looked up again. */
  'half-made',
  /** Its activation mail may never have been sent: it is mailed before the invite. */
  'to-mail',
  /** Found without a group that was asked for: it is added before the invite (`outcome.joins`). */
  'to-join',
  /** Not in every group that was asked for: the portal left one out, or did not add the account. */
  'groupless',
  /** Perhaps without a mail: the portal did not mail it again. */
  'unmailed',
] as const;
export type RowMark = (typeof rowMarks)[number];

interface MarkChange {
  rows: readonly number[];
  set?: readonly RowMark[];
  clear?: readonly RowMark[];
}

/** Sets and clears marks of rows in one atomic step. A batch that was purged does not come back. */
export async function markRows(
  ledger: Ledger,
  batch: string,
  { rows, set = [], clear = [] }: MarkChange,
): Promise<void> {
  const list = rows.flatMap((row) => [
    ...set.flatMap((mark) => [mark, row, 1]),
    ...clear.flatMap((mark) => [mark, row, 0]),
  ]);
  await runScript(ledger, changeMarks, { keys: keysOf(ledger, batch), list });
}

/** The rows with a mark, ascending: all, or the first `most`. */
export async function markedRows(
  ledger: Ledger,
  batch: string,
  mark: RowMark,
  most = Number.POSITIVE_INFINITY,
): Promise<number[]> {
  const bytes = await ledger.redis.getBuffer(ledger.keys.marks(batch) + mark);
  return setPositions(firstOf(bytes ?? Buffer.alloc(0), most).rows, 0);
}

/** The role of an account that was looked up again; undefined where it is as asked. */
interface RoleNote {
  role: string | undefined;
  /** Why a person could not set it. */
  reason?: string | undefined;
}

/** Begins the warnings about roles that could not be set; only the last one stays. */
const NOT_SET = 'set-roles: ';

/** Notes the role of an account, and whether it is another one than was asked for. */
export async function noteRole(
  ledger: Ledger,
  { batch, row }: { batch: string; row: number },
  { role, reason }: RoleNote,
): Promise<void> {
  const key = ledger.keys.outcomes(batch) + bucketOf(row);
  const outcome = decodeOutcome(await ledger.redis.hget(key, String(row)));
  const others = (outcome.warnings ?? []).filter((text) => !text.startsWith(NOT_SET));
  const all = reason === undefined ? others : [...others, `${NOT_SET}${reason}`];
  const warnings = all.length === 0 ? undefined : all;
  await ledger.redis.hset(key, row, JSON.stringify({ ...outcome, role, warnings }));
  const change = role === undefined ? { clear: OTHER_ROLE } : { set: OTHER_ROLE };
  await markRows(ledger, batch, { rows: [row], ...change });
}

const OTHER_ROLE = ['other-role'] as const;
