import { conflict, errorType, hold, refuse, refuseInvite, type Seen } from './seen.ts';
import type { Verdict } from './verdict.ts';

const DUPLICATE = /^Duplicate (?:UserName|Email)\b/;
const INVITATION_LIMIT_KEY = 'Invitations';

/** 400: by the request, since the portal's own sentence is localized (docspace-contract trap 1). */
export function classifyBadRequest(seen: Seen): Verdict<never> {
  if (seen.body.shape === 'html') return hold(seen, 'proxy-refused');
  switch (seen.request.kind) {
    case 'create':
      return classifyBadPerson(seen);
    case 'lookup':
      return refuse(seen, seen.body.shape === 'fields' ? 'invalid-field' : 'bad-request');
    case 'invite':
      return isInvitationLimit(seen) ? hold(seen, 'invitation-limit') : refuseInvite(seen);
    default:
      return hold(seen, 'unexpected-answer');
  }
}

function classifyBadPerson(seen: Seen): Verdict<never> {
  if (seen.body.shape === 'fields') return refuse(seen, 'invalid-field');
  if (seen.body.shape === 'error' && DUPLICATE.test(seen.body.message)) {
    return conflict(seen, 'duplicate');
  }
  const isCulture = errorType(seen).endsWith('CultureNotFoundException');
  return refuse(seen, isCulture ? 'culture-unknown' : 'bad-request');
}

// The message is localized, the key is not (2.6). `Invitations[0].Email` is another fault.
function isInvitationLimit(seen: Seen): boolean {
  return seen.body.shape === 'fields' && Object.hasOwn(seen.body.fields, INVITATION_LIMIT_KEY);
}
