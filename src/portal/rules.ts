import type { Body, RequestKind } from './answer.ts';
import { isLongObject, longList } from './long-list.ts';
import {
  absent,
  brokenAccount,
  conflict,
  hold,
  type MakeVerdict,
  overInvitations,
  readEnvelope,
  readLongList,
  readPage,
  refuse,
  refuseGroup,
  refuseInvite,
  type Seen,
  unknown,
} from './make-verdict.ts';
import { rateLimited } from './rate-limit.ts';
import type { Verdict } from './verdict.ts';

/** One line of the table; a condition that is missing holds for every answer. */
interface Rule {
  /** One status, or a range with both ends. */
  http: number | readonly [first: number, last: number];
  /** The request. */
  to?: RequestKind | readonly RequestKind[];
  /** The form of the body. */
  body?: Body['shape'] | readonly Body['shape'][];
  /** The portal's exception type; `^$` when it names none. */
  type?: RegExp;
  /** The portal's exception message, of those that are not localized. */
  message?: RegExp;
  when?: (seen: Seen) => boolean;
  is: MakeVerdict;
}

/** Requests without the key. */
const PUBLIC: readonly RequestKind[] = ['settings', 'invitation-settings', 'cultures'];

/** Requests that change accounts which the batch made. */
const CHANGES: readonly RequestKind[] = ['resend', 'set-type'];

const DENIED_TYPE = /(?:Security|Authorizing|UnauthorizedAccess)Exception$/;
const RACE = /^User already exist\.$/;
const failed = unknown('server-error', 'The portal failed');
const limited: MakeVerdict = ({ request, answer, context }) =>
  rateLimited(request.kind, answer, context);

const isDenied = (seen: Seen) => {
  const { type, message } = errorOf(seen);
  return message === 'Access denied' || DENIED_TYPE.test(type);
};
/** A key that may not make administrators may still make users: only User stops the batch. */
const isTypeDenied = (seen: Seen) => (seen.request.type ?? 'User') !== 'User' && isDenied(seen);
/** Requests that change groups. */
const ON_GROUPS: readonly RequestKind[] = ['create-group', 'add-members'];
/** Adding members is answered with all members in full (P-GROUP-06), of which nothing is read. */
const isLongGroup = ({ answer }: Seen) => isLongObject(answer);
const isLongList = ({ answer }: Seen) => longList(answer) !== undefined;
/** The message is localized, the key is not. `Invitations[0].Email` is another fault. */
const isInvitationLimit = ({ body }: Seen) =>
  body.shape === 'fields' && Object.hasOwn(body.fields, 'Invitations');

const hasWorked = ({ context }: Seen) => context.hasWorked === true;
/** Cloudflare's `error code: 1020` in place of the portal's localized sentence. */
const isContentNetwork = ({ body }: Seen) =>
  body.shape === 'text' && /^error code: \d+/i.test(body.text);
/** The portal asks for no login of its own (P-KEY-07). */
const wantsLogin = ({ answer }: Seen) =>
  /\b(?:basic|digest|negotiate|ntlm)\b/i.test(answer.headers['www-authenticate'] ?? '');
/** The portal deletes its cookies when a request has no key at all (P-KEY-13). */
const hasLostKey = ({ answer, request }: Seen) =>
  !PUBLIC.includes(request.kind) && /asc_auth_key=;/.test(answer.headers['set-cookie'] ?? '');

/**
 * The meaning of every answer: the first line that fits decides. The HTTP status counts, not the
 * `statusCode` in a body. docs/reliability.md lists what each verdict leads to.
 */
const rules: readonly Rule[] = [
  // Success, or something that only looks like it.
  { http: [200, 299], to: ['invite', ...CHANGES], when: isLongList, is: readLongList },
  { http: [200, 299], to: 'add-members', when: isLongGroup, is: readEnvelope },
  { http: [200, 299], to: 'groups', body: 'envelope', is: readPage },
  { http: [200, 299], body: 'envelope', is: readEnvelope },
  { http: [200, 299], body: 'html', when: hasWorked, is: unknown('web-page') },
  { http: [200, 299], body: 'html', is: hold('html-answer') },
  { http: [200, 299], body: ['empty', 'text'], is: unknown('not-json') },
  { http: [200, 299], is: unknown('wrong-envelope') },
  { http: [300, 399], is: hold('redirected') },

  // 400: by the request, since the portal's own sentence is localized.
  { http: 400, body: 'html', is: hold('proxy-refused') },
  { http: 400, to: ['create', 'lookup'], body: 'fields', is: refuse('invalid-field') },
  {
    http: 400,
    to: 'create',
    message: /^Duplicate (UserName|Email)\b/,
    is: conflict('duplicate'),
  },
  { http: 400, to: 'create', type: /CultureNotFoundException$/, is: refuse('culture-unknown') },
  { http: 400, to: 'lookup', type: /CultureNotFoundException$/, is: brokenAccount },
  { http: 400, to: ['create', 'lookup'], is: refuse('bad-request') },
  { http: 400, to: 'invite', when: isInvitationLimit, is: overInvitations },
  { http: 400, to: 'invite', is: refuseInvite },
  { http: 400, to: ON_GROUPS, body: 'fields', is: refuseGroup('invalid-field') },
  { http: 400, to: ON_GROUPS, is: refuseGroup('bad-request') },
  { http: 400, to: CHANGES, is: refuse('bad-request') },
  { http: 400, is: hold('unexpected-answer') },

  // 402: unpaid, plan or seats. By then the portal has tried type User too.
  { http: 402, type: /BillingNotFoundException$/, is: hold('plan-limit') },
  { http: 402, to: 'set-type', body: 'error', is: refuse('no-seat') },
  { http: 402, body: 'error', is: hold('quota-exceeded') },
  { http: 402, is: hold('portal-unpaid') },

  // 403 with an exception leaves three sources: security exceptions with a fixed message, those
  // with a null type, and InvalidOperationException with all its subclasses.
  { http: 403, to: 'create', when: isTypeDenied, is: refuse('type-not-allowed') },
  { http: 403, to: CHANGES, when: isDenied, is: refuse('type-not-allowed') },
  { http: 403, when: isDenied, is: hold('access-denied') },
  { http: 403, to: ['create', 'invite'], message: RACE, is: conflict('user-already-exists') },
  { http: 403, message: RACE, is: failed },
  { http: 403, body: 'error', type: /^$/, is: hold('forbidden') },
  { http: 403, to: ['create', 'invite'], body: 'error', is: conflict('invalid-operation') },
  { http: 403, body: 'error', is: failed },
  { http: 403, body: 'empty', is: hold('key-missing-scope') },
  // Public endpoints answer so to a key without the scope, and stay open while a portal moves.
  { http: 403, to: 'own-settings', body: 'problem', is: hold('key-missing-scope') },
  { http: 403, body: 'problem', is: hold('portal-moving') },
  { http: 403, body: 'text', when: isContentNetwork, is: hold('proxy-refused') },
  { http: 403, body: 'text', is: hold('address-blocked') },
  { http: 403, body: 'html', is: hold('proxy-refused') },
  { http: 403, is: hold('forbidden') },

  // 404: `absent` is the exception of a lookup alone. FileNotFound becomes 404 too, and taking it
  // for `absent` would create twice.
  { http: 404, body: 'problem', is: hold('portal-suspended') },
  { http: 404, to: 'lookup', body: 'error', type: /^$|ItemNotFoundException$/, is: absent },
  { http: 404, to: 'lookup', body: 'error', is: failed },
  { http: 404, to: ['create', ...CHANGES], body: 'error', is: refuse('not-found') },
  { http: 404, to: 'invite', body: 'error', is: refuseInvite },
  { http: 404, to: 'add-members', body: 'error', is: refuseGroup('not-found') },
  { http: 404, is: hold('wrong-address') },

  // Other refusals; 405 to 451 come from something in front of the portal, except 415.
  { http: 401, when: wantsLogin, is: hold('login-in-between') },
  { http: 401, when: hasLostKey, is: hold('key-removed') },
  { http: 401, is: hold('key-rejected') },
  { http: 405, when: hasWorked, is: hold('proxy-refused') },
  { http: 405, is: hold('wrong-address') },
  { http: 407, is: hold('proxy-login') },
  { http: 408, is: unknown('timeout', 'The proxy gave up waiting for the request') },
  { http: [413, 414], is: hold('proxy-refused') },
  { http: 415, is: hold('content-type-refused') },
  { http: 421, is: hold('wrong-address') },
  { http: 429, is: limited },
  { http: 431, is: hold('proxy-refused') },
  { http: 451, is: hold('proxy-refused') },

  // 5xx: an outage, a lock, or a failure that may have come after the account. Cloudflare and the
  // like answer 520 to 530 for an origin that does not.
  { http: [502, 504], is: unknown('gateway-error') },
  { http: [520, 599], is: unknown('gateway-error') },
  { http: [500, 599], body: 'html', is: unknown('gateway-error') },
  {
    http: [500, 599],
    to: ['create', 'lookup'],
    type: /^System\.FormatException$/,
    is: refuse('email-unparseable'),
  },
  { http: [500, 599], type: /DistributedLockException$/, is: unknown('portal-lock') },
  { http: [500, 599], message: /^Could not resolve current tenant/, is: hold('wrong-address') },
  { http: [500, 599], is: unknown('server-error') },
];

/** The verdict on an answer: that of the first rule that fits. */
export function applyRules(seen: Seen): Verdict<unknown> {
  const rule = rules.find((each) => fits(each, seen));
  return (rule?.is ?? unknown('unexpected-status'))(seen);
}

function fits({ http, to, body, type, message, when }: Rule, seen: Seen): boolean {
  const { status } = seen;
  const isStatus =
    typeof http === 'number' ? status === http : status >= http[0] && status <= http[1];
  return (
    isStatus &&
    isAmong(to, seen.request.kind) &&
    isAmong(body, seen.body.shape) &&
    (type === undefined || type.test(errorOf(seen).type)) &&
    (message === undefined || message.test(errorOf(seen).message)) &&
    (when === undefined || when(seen))
  );
}

function isAmong<T extends string>(asked: T | readonly T[] | undefined, value: T): boolean {
  if (asked === undefined) return true;
  return typeof asked === 'string' ? asked === value : asked.includes(value);
}

/** The portal's exception; empty texts when the body is none. */
function errorOf({ body }: Seen): { type: string; message: string } {
  return body.shape === 'error' ? body : { type: '', message: '' };
}
