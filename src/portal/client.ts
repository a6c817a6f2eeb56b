import { type Dispatcher, Pool } from 'undici';
import { defined } from '../defined.ts';
import { hasProxy, openOutbound, type Proxies } from '../outbound/dispatcher.ts';
import type { Person } from '../people/person.ts';
import type { Logger } from '../process/logger.ts';
import type { Timings } from '../timings.ts';
import type { Answer } from './answer.ts';
import { classify, readValue } from './classify.ts';
import { exchange, type HttpRequest } from './exchange.ts';
import {
  addMembersRequest,
  createGroupRequest,
  culturesRequest,
  type GroupPage,
  groupsRequest,
  type Page,
  type PortalGroup,
} from './group-requests.ts';
import type { MeasuredInvitations } from './invite-body.ts';
import type {
  InvitationSettings,
  KeyInfo,
  OwnSettings,
  PortalSettings,
  Quota,
} from './portal-facts.ts';
import {
  inviteRequest,
  lookupRequest,
  type PortalRequest,
  personRequest,
  reads,
  resendRequest,
  typeRequest,
} from './requests.ts';
import type { Verdict } from './verdict.ts';
import type { Account, AccountRole } from './wire.ts';

/** Connection settings of a portal client. */
export interface PortalOptions {
  /** URL of the portal. The client uses its origin; the API is always at /api/2.0. */
  baseUrl: URL;
  /** Called for every request, so that a new key takes effect at once. */
  apiKey: () => string;
  requestTimeoutMs: number;
  timings: Timings;
  /** Most connections, and so most requests in flight. */
  connections: number;
  /** The only certificate authority to trust, in PEM; the system's own when absent. */
  ca?: string | undefined;
  /** Proxies for a portal on another machine. */
  proxies?: Proxies | undefined;
  /** ms since the epoch. */
  now: () => number;
  /** From 0 to below 1. */
  random: () => number;
  logger: Logger;
}

interface CallOptions {
  signal?: AbortSignal | undefined;
}

/**
 * The portal over HTTP. No method rejects because of the portal or the network: whatever happens is
 * a verdict. Each is one request, without a retry.
 */
export interface Portal {
  /** POST /people (P-CREATE-01). */
  createPerson(person: Person, options?: CallOptions): Promise<Verdict<Account>>;
  /** GET /people/email (P-LOOKUP-01): `absent` when the portal has no such account. */
  findByEmail(email: string, options?: CallOptions): Promise<Verdict<Account>>;
  /**
   * POST /people/invite (P-INVITE-01). The portal works through the list one by one, so the timeout
   * grows by 100 ms with each person. `pending` counts everybody pending on the portal. A body whose
   * people cannot be read to the end is given up, and the portal never has the whole request.
   */
  invite(
    invitations: MeasuredInvitations,
    options?: CallOptions,
  ): Promise<Verdict<{ pending: number }>>;
  /** PUT /people/invite (P-INVITE-10): mails these accounts again; at most 5 calls in 15 minutes. */
  resend(userIds: readonly string[], options?: CallOptions): Promise<Verdict<unknown>>;
  /** PUT /people/type: gives these accounts another type. */
  changeType(
    type: AccountRole,
    userIds: readonly string[],
    options?: CallOptions,
  ): Promise<Verdict<unknown>>;
  /** GET /keys/@self (P-KEY-10). */
  whoami(options?: CallOptions): Promise<Verdict<KeyInfo>>;
  /** GET /settings without the key, which would need more scopes than we ask for (P-KEY-09). */
  settings(options?: CallOptions): Promise<Verdict<PortalSettings>>;
  /**
   * The portal's time, ms since the epoch: the `Date` of its last answer of any kind, and the time
   * since then by a clock that nobody sets. Undefined before the first answer.
   */
  clock(): number | undefined;
  /** GET /people/@self (P-LOOKUP-08): the account that the key acts as. */
  self(options?: CallOptions): Promise<Verdict<Account>>;
  /** GET /settings with the key; one without `*:read` is `key-missing-scope` (P-KEY-09). */
  ownSettings(options?: CallOptions): Promise<Verdict<OwnSettings>>;
  /** GET /settings/invitationsettings, which anybody may read, so without the key (P-SETTINGS-03). */
  invitationSettings(options?: CallOptions): Promise<Verdict<InvitationSettings>>;
  /** GET /portal/payment/quota: the seats of the plan; needs `*:read`. */
  quota(options?: CallOptions): Promise<Verdict<Quota>>;
  /** GET /group (P-GROUP-04): a page of the groups that people made; no system group is listed. */
  groups(page: Page, options?: CallOptions): Promise<Verdict<GroupPage>>;
  /** POST /group (P-GROUP-01): the portal makes a second group of the same name. */
  createGroup(
    name: string,
    options?: CallOptions,
  ): Promise<Verdict<Pick<PortalGroup, 'id' | 'name'>>>;
  /** PUT /group/{id}/members (P-GROUP-06): adds, and leaves members what they are. */
  addGroupMembers(
    group: string,
    members: readonly string[],
    options?: CallOptions,
  ): Promise<Verdict<undefined>>;
  /** GET /settings/cultures, which anybody may read, so without the key (P-CULTURE-01). */
  cultures(options?: CallOptions): Promise<Verdict<string[]>>;
  /** Lets the requests in flight end, then closes all connections. May be called again. */
  close(): Promise<void>;
}

type Caller = <T>(request: PortalRequest<T>, options?: CallOptions) => Promise<Verdict<T>>;

/** A portal with a pool of connections of its own; nothing is sent before the first call. */
export function createPortal(options: PortalOptions): Portal {
  const pool = createPool(options);
  const clock = createClock();
  const call = createCaller(options, pool, clock.hear);
  return {
    clock: clock.read,
    createPerson: (person, over) => call(personRequest(person), over),
    findByEmail: (email, over) => call(lookupRequest(email), over),
    invite: (invitations, over) => call(inviteRequest(invitations, options.timings), over),
    resend: (ids, over) => call(resendRequest(ids, options.timings), over),
    changeType: (type, ids, over) => call(typeRequest(type, ids), over),
    whoami: (over) => call(reads.whoami, over),
    self: (over) => call(reads.self, over),
    settings: (over) => call(reads.settings, over),
    ownSettings: (over) => call(reads.ownSettings, over),
    invitationSettings: (over) => call(reads.invitationSettings, over),
    quota: (over) => call(reads.quota, over),
    groups: (page, over) => call(groupsRequest(page), over),
    createGroup: (name, over) => call(createGroupRequest(name), over),
    addGroupMembers: (group, members, over) => call(addMembersRequest(group, members), over),
    cultures: (over) => call(culturesRequest, over),
    close: closeOnce(pool),
  };
}

function createPool({ baseUrl, ca, proxies, timings, ...options }: PortalOptions): Dispatcher {
  const { connections, requestTimeoutMs } = options;
  // One deadline over the whole exchange (exchange.ts) replaces undici's two.
  const settings = { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };
  const timeout = Math.min(timings.portalConnectMs, requestTimeoutMs);
  if (hasProxy(baseUrl.hostname, proxies)) {
    return openOutbound({ proxies, ca, connectTimeoutMs: timeout, options: settings });
  }
  const connect = { timeout, rejectUnauthorized: true, ...defined({ ca }) };
  return new Pool(baseUrl.origin, { ...settings, connect });
}

// undici rejects a second close, and two ways of a shutdown may both ask for it.
function closeOnce(pool: Dispatcher): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= pool.close();
    return closing;
  };
}

/** The clock is slow by up to a second, because `Date` has no fractions. */
function createClock(): { hear(answer: Answer): void; read(): number | undefined } {
  let aheadMs: number | undefined;
  return {
    hear: (answer) => {
      const time = 'failure' in answer ? Number.NaN : Date.parse(answer.headers.date ?? '');
      if (!Number.isNaN(time)) aheadMs = time - performance.now();
    },
    read: () => (aheadMs === undefined ? undefined : Math.round(aheadMs + performance.now())),
  };
}

function createCaller(
  options: PortalOptions,
  pool: Dispatcher,
  hear: (answer: Answer) => void,
): Caller {
  const { origin } = options.baseUrl;
  let hasWorked = false;
  return async (request, { signal } = {}) => {
    const key = options.apiKey();
    const startedAt = options.now();
    const answer: Answer =
      request.isPublic || isHeaderSafe(key)
        ? await exchange(pool, { ...prepare(request, key, options), origin, signal })
        : { failure: { code: 'key-unusable', sent: false } };
    hear(answer);
    const now = options.now();
    trace(options.logger, request, { answer, durationMs: now - startedAt });
    const context = { now, random: options.random, secret: key, hasWorked };
    const verdict = classify(request.facts, answer, context);
    if (verdict.kind === 'ok' || verdict.kind === 'absent') hasWorked = true;
    return readValue(request.facts, verdict, request.schema);
  };
}

function prepare<T>(
  request: PortalRequest<T>,
  key: string,
  { requestTimeoutMs }: PortalOptions,
): Omit<HttpRequest, 'origin'> {
  const { method, path, body, isPublic, extraMs = 0 } = request;
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': 'docspace-onboard',
  };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (!isPublic) headers.authorization = `Bearer ${key}`;
  return { method, path, body, headers, timeoutMs: requestTimeoutMs + extraMs };
}

// undici's own error for such a header is not a network failure, so it is checked beforehand.
function isHeaderSafe(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}

function trace<T>(
  logger: Logger,
  request: PortalRequest<T>,
  { answer, durationMs }: { answer: Answer; durationMs: number },
): void {
  if (!logger.isLevelEnabled('trace')) return;
  const path = request.path.split('?', 1)[0];
  const end = 'failure' in answer ? { failure: answer.failure } : { status: answer.status };
  logger.trace({ method: request.method, path, durationMs, ...end }, 'portal request');
}
