import type { HoldCode } from '../stops.ts';

/**
 * Why an answer is about one person and is final, unless a lookup shows that the account exists
 * anyway (P-CREATE-06).
 * - `bad-request`: 400 with the portal's own, localized sentence: registered already, or a name
 *   that the portal's pattern refuses (P-CREATE-06, P-CREATE-05).
 * - `invalid-field`: 400 with `errors` (P-ERROR-02), a field of the body (P-CREATE-02).
 * - `culture-unknown`: 400 CultureNotFoundException; the account exists by then (P-CREATE-13).
 * - `account-broken`: 400 CultureNotFoundException to a lookup: the account exists, and the portal
 *   can no longer read it (P-CREATE-14).
 * - `email-unparseable`: 500 FormatException, an address that the portal cannot parse
 *   (P-CREATE-04).
 * - `type-not-allowed`: 403 'Access denied' for a type above User: the key's owner may not make
 *   such accounts, but perhaps others (P-ROLE-06).
 * - `not-found`: 404 with `error` (P-ERROR-01) to a creation: something that the person refers to
 *   is missing; to new members: their group is gone (P-GROUP-06).
 */
export type RefusalCode =
  | 'bad-request'
  | 'invalid-field'
  | 'culture-unknown'
  | 'account-broken'
  | 'email-unparseable'
  | 'type-not-allowed'
  | 'not-found'
  | LateRefusalCode;

/**
 * Why a request about created people was refused: `invite-refused` for an entry of an invite,
 * `invitation-limit` for the number of entries (P-INVITE-01, P-INVITE-04), `no-seat` for another
 * type when no paid seat is left.
 */
type LateRefusalCode = 'invite-refused' | 'invitation-limit' | 'no-seat';

/**
 * A race with another creation (P-RACE-02): `user-already-exists` is 403 'User already exist.',
 * `duplicate` is 400 'Duplicate UserName' or 'Duplicate Email', `invalid-operation` is any other
 * 403 that the portal makes from an InvalidOperationException.
 */
export type ConflictCode = 'user-already-exists' | 'duplicate' | 'invalid-operation';

/** Which of the portal's limiters rejected (P-LIMIT-02, in its order). */
export type Limiter = 'requests' | 'concurrency' | 'daily' | 'endpoint' | 'invitations';

/**
 * Why nobody knows whether the request took effect (P-CREATE-16).
 * - `timeout`, `reset`, `truncated`, `aborted`: the connection ended after sending.
 * - `portal-lock`: 500 DistributedLockException, the 30 s wait for the portal's lock (P-CREATE-08).
 * - `gateway-error`: 502, 503, 504 or an HTML page from the proxy (P-PROXY-01): an outage.
 * - `web-page`: a page with status 2xx from a portal that worked before: an outage.
 * - `server-error`: any other 5xx.
 * - `not-json`, `wrong-envelope`: a 2xx whose body is no envelope, or not the one expected.
 * - `unexpected-status`: a status that docs/portal.md does not name.
 */
export const unknownTexts = {
  timeout: 'No answer came in time; the request may have taken effect',
  reset: 'The connection broke after sending; the request may have taken effect',
  truncated: 'The answer broke off; the request may have taken effect',
  aborted: 'The request was given up after sending; it may have taken effect',
  'portal-lock': 'The portal waited in vain for its own lock',
  'gateway-error': 'The proxy could not reach the portal',
  'server-error': 'The portal failed; the request may have taken effect',
  'web-page': 'A web page came in place of an answer; the request may have taken effect',
  'not-json': 'The answer is not whole JSON',
  'wrong-envelope': 'The answer is not in the expected form',
  'unexpected-status': 'The portal answered with an unknown status',
} as const;

export type UnknownCode = keyof typeof unknownTexts;

/**
 * `proxy-gateway` is a 5xx to CONNECT: a name that the proxy does not know, or a portal that is down.
 * Why the request surely had no effect: no connection stood before it ended. `not-sent` is the
 * deadline or an abort while the request still waited for a connection.
 */
export const unreachableTexts = {
  'connection-refused': 'The portal refuses connections',
  'host-not-found': "The portal's host name cannot be resolved",
  'connect-timeout': 'The connection to the portal timed out',
  'tls-failed': 'The TLS handshake with the portal failed',
  'network-failed': 'The network to the portal failed',
  'proxy-unreachable': 'The proxy of HTTPS_PROXY cannot be reached',
  'proxy-gateway': 'The proxy of HTTPS_PROXY does not reach the portal',
  'not-sent': 'The request was given up before it was sent',
} as const;

export type UnreachableCode = keyof typeof unreachableTexts;

/** Nobody knows whether the request took effect; for a read it only means that no answer came. */
export interface UnknownVerdict {
  kind: 'unknown';
  code: UnknownCode;
  reason: string;
}

/** The portal refused this person, or an entry of an invite. */
interface RefusedVerdict {
  kind: 'refused';
  code: RefusalCode;
  reason: string;
  /** Whom the portal named when it refused an invite. In the clear: for the ledger, not for a log. */
  about?: Named;
}

/** A person must act: `reason` says what is wrong, `remedy` what to do. */
export interface StoppedVerdict {
  kind: 'stopped';
  code: HoldCode;
  reason: string;
  remedy: string;
  /** Words of the portal, for the ledger, not for a log. */
  detail?: string | undefined;
}

/** Entries of an invite that an answer names: by their e-mails, or by their places in the list. */
export interface Named {
  emails: readonly string[];
  indexes: readonly number[];
}

/**
 * Everything that an exchange with the portal can come to. `reason` is one English sentence fit for
 * a report: it may quote the portal, cut short, with e-mails masked and without the API key.
 * - `ok`: `answeredAt` is the portal's clock (Date header), in ms since the epoch.
 * - `absent`: a lookup only, 404 shape A: the portal has no such account.
 * - `refused`: an answer about that person; final unless a lookup finds the account.
 * - `conflict`: a race: look the person up, else try again (for an invite: try again).
 * - `rate-limited`: `waitMs` is how long the whole queue should wait, jitter included; `limit` is
 *   what the limiter allows in its window, where it says so.
 * - `unreachable`: it surely had no effect.
 */
export type Verdict<T> =
  | { kind: 'ok'; value: T; answeredAt?: number | undefined }
  | { kind: 'absent'; answeredAt?: number | undefined }
  | RefusedVerdict
  | { kind: 'conflict'; code: ConflictCode; reason: string }
  | { kind: 'rate-limited'; limiter: Limiter; waitMs: number; limit?: number | undefined }
  | UnknownVerdict
  | { kind: 'unreachable'; code: UnreachableCode; reason: string }
  | StoppedVerdict;
