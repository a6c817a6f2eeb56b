import { counted, grouped } from '../count.ts';
import type { Verdict } from '../portal/verdict.ts';
import { type Check, fault, ok, unchecked, warning } from './check.ts';
import { type BatchNeeds, countOf, paidTypes } from './needs.ts';
import { unanswered } from './portal-checks.ts';
import type { KeyFacts } from './portal-facts.ts';

/** The invitation limit and the paid seats, where the portal tells them to this key. */
export function limitChecks(key: KeyFacts, needs: BatchNeeds | undefined): Check[] {
  return [...unread(key), ...invitationLimit(key, needs), ...seats(key, needs)];
}

/** A key that is cut to what workers need may not read these; that is one line, not two. */
function unread({ ownSettings, quota }: KeyFacts): Check[] {
  const asked = { 'invitation limit': ownSettings, seats: quota };
  const hidden = Object.entries(asked).filter(([, verdict]) => isHidden(verdict));
  if (hidden.length === 0) return [];
  const names = hidden.map(([name]) => name).join(' and ');
  const what = `the key may not read the portal's settings, so not checked: ${names}`;
  return [unchecked('portal-settings', what, 'see to them by hand, or check with a full key')];
}

function isHidden(verdict: Verdict<unknown>): boolean {
  const codes = ['key-missing-scope', 'access-denied'];
  return verdict.kind === 'stopped' && codes.includes(verdict.code);
}

/**
 * The portal refuses an invite with more entries than are left (P-LIMIT-09); entries of
 * people who have an account, as ours do, use nothing of it up.
 */
function invitationLimit({ ownSettings: verdict }: KeyFacts, needs?: BatchNeeds): Check[] {
  const check = 'invitation-limit';
  if (verdict.kind !== 'ok') return isHidden(verdict) ? [] : [softened(unanswered(check, verdict))];
  const { invitationLimit: left } = verdict.value;
  if (left === undefined) return [];
  if (!Number.isFinite(left)) return [ok(check, 'the portal does not limit invitations')];
  const told = `${counted(left, 'invitation is', 'invitations are')} left today`;
  const largest = Math.min(needs?.rows ?? 0, needs?.inviteSize ?? Number.POSITIVE_INFINITY);
  if (largest <= left && left > 0) return [ok(check, told)];
  if (needs === undefined) {
    return [warning(check, told, 'raise the limit, or wait until its 24 hours have passed')];
  }
  const what = `${told}, and one invite request would hold up to ${grouped(largest)} people`;
  const parts = left > 0 ? `, or invite in parts: --invite-size ${left}` : '';
  const remedy = `raise the limit of the portal, or wait until its 24 hours have passed${parts}`;
  return [{ ...fault(check, what, remedy), because: 'invitation-limit' }];
}

/**
 * Paid seats only: plain users are unlimited in every stock plan. An admin without a seat becomes a
 * User without a word (2.1, step 11); an invite that makes admins without seats is refused (2.6).
 */
function seats({ quota: verdict }: KeyFacts, needs?: BatchNeeds): Check[] {
  const check = 'seats';
  if (verdict.kind !== 'ok') return isHidden(verdict) ? [] : [softened(unanswered(check, verdict))];
  const { paidSeats } = verdict.value;
  if (paidSeats === undefined) return [];
  const { limit, used } = paidSeats;
  if (!Number.isFinite(limit))
    return [
      ok(check, `${counted(used, 'paid seat is', 'paid seats are')} used, and there is no limit`),
    ];
  const told = `${grouped(used)} of ${grouped(limit)} paid seats are used`;
  const free = Math.max(limit - used, 0);
  const wanted = needs === undefined ? 0 : countOf(needs, paidTypes);
  const remedy = 'free seats or buy some, or give these people the type User';
  const promoted = needs !== undefined && promotes(needs) ? needs.rows : 0;
  if (promoted > free) {
    const what = `${told}, and the invite makes up to ${counted(promoted, 'admin', 'admins')}`;
    return [{ ...fault(check, what, 'use another --invite-type'), because: 'quota-exceeded' }];
  }
  if (wanted <= free) return [ok(check, told)];
  const what = `${told}, and the batch wants ${grouped(wanted)}: the portal makes the rest Users`;
  return [warning(check, what, remedy)];
}

/** `All` ranks below everything, so an invite with it promotes nobody (P-INVITE-06). */
function promotes({ inviteType }: BatchNeeds): boolean {
  return inviteType !== 'All' && paidTypes.includes(inviteType);
}

/** What cannot be read here does not hold anything: other lines say whether the portal is there. */
function softened(check: Check): Check {
  const { because: _, ...rest } = check;
  return { ...rest, level: 'warning', unchecked: true };
}
