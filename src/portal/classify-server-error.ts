import { errorType, hold, refuse, type Seen, unknown } from './seen.ts';
import type { Verdict } from './verdict.ts';

// Cloudflare and the like answer 520 to 530 for an origin that does not.
const PROXY_STATUS_FROM = 520;
const gatewayStatuses = new Set([502, 503, 504]);
const NO_TENANT = 'Could not resolve current tenant';

/** 5xx: an outage, a lock, or a failure that may have come after the account (trap 6). */
export function classifyServerError(seen: Seen): Verdict<never> {
  const { status, body, request } = seen;
  if (gatewayStatuses.has(status) || status >= PROXY_STATUS_FROM || body.shape === 'html') {
    return unknown(seen, 'gateway-error', 'The proxy could not reach the portal');
  }
  const type = errorType(seen);
  const isAboutPerson = request.kind === 'create' || request.kind === 'lookup';
  if (isAboutPerson && type === 'System.FormatException') return refuse(seen, 'email-unparseable');
  if (type.endsWith('DistributedLockException')) {
    return unknown(seen, 'portal-lock', 'The portal waited in vain for its own lock');
  }
  if (body.shape === 'error' && body.message.startsWith(NO_TENANT)) {
    return hold(seen, 'wrong-address');
  }
  return unknown(seen, 'server-error', 'The portal failed; the request may have taken effect');
}
