import { counted, grouped } from '../count.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { KeyFacts } from './ask-portal.ts';
import { type Check, fault, ok, unchecked, warning } from './check-result.ts';
import { type BatchNeeds, countOf, paidTypes } from './needs.ts';
import { unanswered } from './portal-checks.ts';

/** Checks the invitation limit and the paid seats, where this key may read them. */
export function limitChecks(key: KeyFacts, needs: BatchNeeds | undefined): Check[] {
  return [...unread(key), ...invitationLimit(key, needs), ...seats(key, needs)];
}

/** One line for all limits that a key with few scopes may not read. */
function unread({ ownSettings, quota }: KeyFacts): Check[] {
  const asked = { 'invitation limit': ownSettings, seats: quota };
  const hidden = Object.entries(asked).filter(([, verdict]) => isHidden(verdict));
  if (hidden.length === 0) return [];
  const names = hidden.map(([name]) => name).join(' and ');
  const what = `not checked, because the key may not read the portal's settings: ${names}`;
  return [
    unchecked('portal-settings', what, 'check them by hand, or use a key with all permissions'),
  ];
}

function isHidden(verdict: Verdict<unknown>): boolean {
  const codes = ['key-missing-scope', 'access-denied'];
  return verdict.kind === 'stopped' && codes.includes(verdict.code);
}

/**
 * Checks the invitations left: the portal refuses an invite with more entries (P-LIMIT-09),
 * although entries of people with an account, as ours, use none.
 */
function invitationLimit({ ownSettings: verdict }: KeyFacts, needs?: BatchNeeds): Check[] {
  const check = 'invitation-limit';
  if (verdict.kind !== 'ok') return isHidden(verdict) ? [] : [softened(unanswered(check, verdict))];
  const { invitationLimit: left } = verdict.value;
  if (left === undefined) return [];
  if (!Number.isFinite(left)) return [ok(check, 'the portal does not limit invitations')];
  const state = `${counted(left, 'invitation is', 'invitations are')} left today`;
  const largest = Math.min(needs?.rows ?? 0, needs?.inviteSize ?? Number.POSITIVE_INFINITY);
  if (largest <= left && left > 0) return [ok(check, state)];
  if (needs === undefined) {
    return [warning(check, state, 'raise the limit, or wait until its 24 hours have passed')];
  }
  const what = `${state}, and one invite request would have up to ${counted(largest, 'person', 'people')}`;
  const parts = left > 0 ? `, or invite in parts: --invite-size ${left}` : '';
  const remedy = `raise the limit of the portal, or wait until its 24 hours have passed${parts}`;
  return [{ ...fault(check, what, remedy), because: 'invitation-limit' }];
}

/**
 * Checks the paid seats; plain users are unlimited in every stock plan. The portal silently creates
 * an admin without a seat as a User (P-CREATE-10), and refuses an invite for too many admins
 * (P-INVITE-02).
 */
function seats({ quota: verdict }: KeyFacts, needs?: BatchNeeds): Check[] {
  const check = 'seats';
  if (verdict.kind !== 'ok') return isHidden(verdict) ? [] : [softened(unanswered(check, verdict))];
  const { paidSeats } = verdict.value;
  if (paidSeats === undefined) return [];
  const { limit, used } = paidSeats;
  if (!Number.isFinite(limit))
    return [ok(check, `${counted(used, 'paid seat is', 'paid seats are')} used, without a limit`)];
  const state = `${grouped(used)} of ${counted(limit, 'paid seat is', 'paid seats are')} used`;
  const free = Math.max(limit - used, 0);
  const wanted = needs === undefined ? 0 : countOf(needs, paidTypes);
  const remedy = 'free or buy seats, or give these people the type User';
  const promoted = needs !== undefined && promotes(needs) ? needs.rows : 0;
  if (promoted > free) {
    const what = `${state}, and the invite makes up to ${counted(promoted, 'admin', 'admins')}`;
    return [{ ...fault(check, what, 'use another --invite-type'), because: 'quota-exceeded' }];
  }
  if (wanted <= free) return [ok(check, state)];
  const what = `${state}, and the batch needs ${grouped(wanted)}: the portal makes the rest Users`;
  return [warning(check, what, remedy)];
}

/** Whether the invite promotes people; `All` ranks lowest and promotes nobody (P-INVITE-06). */
function promotes({ inviteType }: BatchNeeds): boolean {
  return inviteType !== 'All' && paidTypes.includes(inviteType);
}

/** A limit that cannot be read holds nothing; other lines report an absent portal. */
function softened(check: Check): Check {
  const { because: _, ...rest } = check;
  return { ...rest, level: 'warning', unchecked: true };
}
