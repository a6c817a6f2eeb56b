import { conflict, errorType, hold, refuse, refuseInvite, type Seen, unknown } from './seen.ts';
import type { Verdict } from './verdict.ts';

const RACE_MESSAGE = 'User already exist.';
const DENIED_MESSAGE = 'Access denied';
const DENIED_TYPE = /(?:Security|Authorizing|UnauthorizedAccess)Exception$/;

/** 402: unpaid, plan or seats (docspace-contract trap 13); all of them stop the whole batch. */
export function classifyPayment(seen: Seen): Verdict<never> {
  if (seen.body.shape !== 'error') return hold(seen, 'portal-unpaid');
  const isPlan = errorType(seen).endsWith('BillingNotFoundException');
  return hold(seen, isPlan ? 'plan-limit' : 'quota-exceeded');
}

/** 403: a race, a permission, a scope, an address or a portal that is moving (traps 4 and 15). */
export function classifyForbidden(seen: Seen): Verdict<never> {
  switch (seen.body.shape) {
    case 'error':
      return classifyDenial(seen, seen.body.message);
    case 'empty':
      return hold(seen, 'key-missing-scope');
    case 'problem':
      // Anonymous endpoints answer so to a key without the scope, and are open while a portal moves.
      return hold(
        seen,
        seen.request.kind === 'own-settings' ? 'key-missing-scope' : 'portal-moving',
      );
    case 'text':
      return hold(seen, 'address-blocked');
    case 'html':
      return hold(seen, 'proxy-refused');
    default:
      return hold(seen, 'forbidden');
  }
}

// The exception map (contract 0) leaves three sources of a 403 shape A: security exceptions with a
// fixed message, those with a null type, and InvalidOperationException with all its subclasses.
function classifyDenial(seen: Seen, message: string): Verdict<never> {
  const type = errorType(seen);
  if (message === DENIED_MESSAGE || DENIED_TYPE.test(type)) return classifyAccess(seen);
  const isRace = message === RACE_MESSAGE;
  if (type === '' && !isRace) return hold(seen, 'forbidden');
  if (seen.request.kind === 'create' || seen.request.kind === 'invite') {
    return conflict(seen, isRace ? 'user-already-exists' : 'invalid-operation');
  }
  return unknown(seen, 'server-error', 'The portal failed');
}

// A key that may not make administrators may still make users, so only User stops the batch.
function classifyAccess(seen: Seen): Verdict<never> {
  const { kind, type = 'User' } = seen.request;
  return kind === 'create' && type !== 'User'
    ? refuse(seen, 'type-not-allowed')
    : hold(seen, 'access-denied');
}

/** 404: its meanings by shape and request (trap 14); only a lookup's shape A says "absent". */
export function classifyNotFound(seen: Seen, answeredAt: { answeredAt?: number }): Verdict<never> {
  if (seen.body.shape === 'problem') return hold(seen, 'portal-suspended');
  if (seen.body.shape !== 'error') return hold(seen, 'wrong-address');
  switch (seen.request.kind) {
    case 'lookup':
      return isItemMissing(seen)
        ? { kind: 'absent', ...answeredAt }
        : unknown(seen, 'server-error', 'The portal failed');
    case 'create':
      return refuse(seen, 'not-found');
    case 'invite':
      return refuseInvite(seen);
    default:
      return hold(seen, 'wrong-address');
  }
}

// FileNotFound and DirectoryNotFound become 404 too; taking those for "absent" would create twice.
function isItemMissing(seen: Seen): boolean {
  const type = errorType(seen);
  return type === '' || type.endsWith('ItemNotFoundException');
}
