import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../errors.ts';
import type { Portal } from '../portal/client.ts';
import { wantedRole } from '../portal/compare-account.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { AccountRole } from '../portal/wire.ts';
import { line } from '../printable.ts';
import type { RoleRow } from './differing-rows.ts';

/** The system group of Users: membership makes a User of a RoomAdmin (P-GROUP-13). */
const USER_GROUP = '88f11e7c-7407-4bea-b4cb-070010cdbb6b';

/** Accounts of one request: few enough that one refusal concerns few others. */
const TOGETHER = 50;

/** Requests that end without an answer are repeated this often: each may be repeated harmlessly. */
const MOST_TRIES = 5;

export interface Asking {
  portal: Portal;
  signal: AbortSignal;
  /** Pause after the first failure, ms; n times as long after the nth. */
  pauseMs: number;
}

type Answer<T> = Extract<Verdict<T>, { kind: 'ok' | 'absent' | 'refused' }>;

/**
 * Asks until the portal answers: waits when it asks for a wait, and tries again a few times when no
 * answer came.
 * @throws {OnboardError} E_PORTAL when it does not answer, or refuses everything
 */
async function insistently<T>(
  { signal, pauseMs }: Asking,
  ask: () => Promise<Verdict<T>>,
): Promise<Answer<T>> {
  let failures = 0;
  for (;;) {
    signal.throwIfAborted();
    const verdict = await ask();
    switch (verdict.kind) {
      case 'ok':
      case 'absent':
      case 'refused':
        return verdict;
      case 'rate-limited':
        await sleep(verdict.waitMs, undefined, { signal });
        break;
      case 'stopped':
        throw new OnboardError('E_PORTAL', line`${verdict.reason} What to do: ${verdict.remedy}`);
      case 'conflict':
      case 'unknown':
      case 'unreachable':
        failures += 1;
        if (failures === MOST_TRIES) throw new OnboardError('E_PORTAL', verdict.reason);
        await sleep(pauseMs * failures, undefined, { signal });
    }
  }
}

/** The role that the account has now; undefined where the portal does not say, or has none. */
export async function roleNow(
  asking: Asking,
  { email, portalId }: RoleRow,
): Promise<AccountRole | undefined> {
  const found = await insistently(asking, () => asking.portal.findByEmail(email));
  const isSame = found.kind === 'ok' && found.value.id === portalId;
  return isSame ? found.value.type : undefined;
}

/**
 * Gives accounts the role that was asked for them. Returns why it was refused, by row. Those of a
 * refused request are tried one by one; a User who was left a RoomAdmin, which the portal refuses to
 * change, becomes a member of its group of Users.
 */
export async function changeRoles(
  asking: Asking,
  rows: readonly RoleRow[],
): Promise<Map<number, string>> {
  const refusals = new Map<number, string>();
  for (const role of new Set(rows.map(({ type }) => wantedRole(type)))) {
    const same = rows.filter(({ type }) => wantedRole(type) === role);
    for (let first = 0; first < same.length; first += TOGETHER) {
      const some = same.slice(first, first + TOGETHER);
      for (const [row, why] of await changeSome(asking, role, some)) refusals.set(row, why);
    }
  }
  return refusals;
}

async function changeSome(
  asking: Asking,
  role: AccountRole,
  rows: readonly RoleRow[],
): Promise<[number, string][]> {
  const ids = rows.map(({ portalId }) => portalId);
  const answer = await insistently(asking, () => asking.portal.changeType(role, ids));
  if (answer.kind === 'ok') return [];
  if (rows.length > 1) {
    const each: [number, string][] = [];
    for (const row of rows) each.push(...(await changeSome(asking, role, [row])));
    return each;
  }
  const why = answer.kind === 'refused' ? answer.reason : 'The portal has no such account.';
  const isLeftOver = role === 'User' && rows.every((row) => row.role === 'RoomAdmin');
  if (!isLeftOver || answer.kind === 'absent') return rows.map(({ row }) => [row, why]);
  const joined = await insistently(asking, () => asking.portal.addGroupMembers(USER_GROUP, ids));
  return joined.kind === 'ok' ? [] : rows.map(({ row }) => [row, why]);
}

/** Whether the account is still as it was noted: nobody changed it since. */
export function isUnchanged({ role }: RoleRow, now: AccountRole | undefined): boolean {
  return now !== undefined && now === role;
}

/** Whether the account has the role that was asked for. */
export function isAsAsked({ type }: RoleRow, now: AccountRole | undefined): boolean {
  return now !== undefined && now === wantedRole(type);
}
