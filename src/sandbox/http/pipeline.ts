import { drawFault, sendAnswer, sufferArrival } from '../faults/injected-faults.ts';
import { ServerKilled } from '../faults/server-life.ts';
import { checkTenant } from '../faults/tenant-status.ts';
import { isUsable, scopesOf } from '../people/api-keys.ts';
import { localeOf, textsOf } from '../people/portal-texts.ts';
import { PortalError, ValidationError } from './portal-exceptions.ts';
import {
  emptyReply,
  exceptionReply,
  problemReply,
  proxyReply,
  type Reply,
  resetReply,
  validationReply,
} from './replies.ts';
import { countInvitations, fieldsOf, readJson } from './request-body.ts';
import { ClientLeft, type Exchange, FULL_READ, takeTime, traceIdOf } from './server-exchange.ts';

const PREFIX = 'Bearer ';
/** Cookie deletion of a refused login; every credential except a key uses the cookie scheme. */
const COOKIE_DELETION = 'asc_auth_key=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/';

/** One step of the pipeline: an answer ends the request, undefined continues it. */
export interface Step {
  readonly name: string;
  readonly run: (exchange: Exchange) => Reply | undefined | Promise<Reply | undefined>;
}

/** Steps of every API request in the order of P-ORDER-01, with those for faults and closed states. */
const steps: readonly Step[] = [
  { name: 'outage', run: meetOutage },
  { name: 'find host', run: findHost },
  { name: 'authenticate', run: authenticate },
  { name: 'admit', run: admit },
  { name: 'work', run: work },
  { name: 'authorize', run: authorize },
  { name: 'check tenant', run: checkTenant },
  { name: 'read body', run: readBody },
  { name: 'note subject', run: noteSubject },
  { name: 'draw fault', run: drawFault },
  { name: 'suffer arrival', run: sufferArrival },
  { name: 'act', run: act },
  { name: 'send answer', run: sendAnswer },
];

/** Runs the steps until one answers; an exception becomes the portal's error shape. */
export async function answer(exchange: Exchange, path: readonly Step[] = steps): Promise<Reply> {
  try {
    for (const step of path) {
      if (exchange.life.aborted) throw new ServerKilled();
      const reply = await step.run(exchange);
      if (reply === undefined) continue;
      exchange.portal.logger?.debug({ step: step.name, status: reply.status }, 'answered');
      return reply;
    }
    return emptyReply(404);
  } catch (error) {
    return errorReply(exchange, error);
  } finally {
    exchange.release();
  }
}

/** During an outage the front resets the connection or shows its own page. */
function meetOutage({ portal }: Exchange): Reply | undefined {
  const kinds = ['refused', 'killed', 'reset', '502', '503'] as const;
  const kind = kinds.find((one) => portal.conditions.outages.isActive(one));
  if (kind === undefined) return undefined;
  portal.journal.suffered(`outage.${kind}`);
  if (kind === '502') return proxyReply(502);
  return kind === '503' ? proxyReply(503) : resetReply();
}

/** The check of a key needs the portal, and fails without one before the limiter (P-KEY-11). */
function findHost(exchange: Exchange): undefined {
  const { conditions, journal } = exchange.portal;
  if (!conditions.faults.hostUnknown || secretOf(exchange) === undefined) return;
  journal.suffered('host.unknown');
  throw new PortalError('noTenant');
}

/** Finds the caller, without answering on failure, because 429 precedes 401 (P-ORDER-02). */
function authenticate(exchange: Exchange): undefined {
  const { keys, conditions, journal, now } = exchange.portal;
  const key = keys.get(secretOf(exchange) ?? '');
  const at = now();
  if (key === undefined || !isUsable(key, at)) return;
  if (!conditions.keyExpiry.admits(key.secret)) {
    journal.suffered('key.expired');
    return;
  }
  key.lastUsedAt = at;
  exchange.caller = key;
  // Sentences follow the culture of the key's owner, not that of the portal (P-ERROR-08).
  const texts = textsOf(localeOf(key.owner.cultureName ?? ''));
  exchange.portal = { ...exchange.portal, texts };
}

/** The key in the header, for the exact prefix `Bearer sk-` only (P-KEY-01). */
function secretOf({ request }: Exchange): string | undefined {
  const header = request.headers.get('authorization') ?? '';
  return header.startsWith(`${PREFIX}sk-`) ? header.slice(PREFIX.length) : undefined;
}

async function admit(exchange: Exchange): Promise<Reply | undefined> {
  const { portal, caller, endpoint, request } = exchange;
  const counts =
    endpoint?.policy === 'invitations' &&
    Number.isFinite(portal.conditions.limits.invitationsPerDay);
  const verdict = portal.admission.admit({
    partition: caller?.owner.id ?? exchange.peer,
    method: request.method,
    policy: endpoint?.policy,
    invitations: counts ? await countInvitations(exchange) : 0,
  });
  if ('refusal' in verdict) return verdict.refusal;
  exchange.release = verdict.release;
  return undefined;
}

/** Waits for the latency; POST /people spends half of it inside the action, where races happen. */
async function work(exchange: Exchange): Promise<undefined> {
  await takeTime(exchange, exchange.endpoint?.rates === 'create' ? 0.5 : 1);
}

function authorize(exchange: Exchange): Reply | undefined {
  const { endpoint, caller } = exchange;
  if (endpoint === undefined) return emptyReply(404);
  const { scopes } = endpoint;
  if (scopes === 'anonymous') return undefined;
  const isKey = secretOf(exchange) !== undefined;
  const claims = caller === undefined ? [] : scopesOf(caller);
  const isAllowed = (names: readonly string[]): boolean =>
    claims.some((claim) => names.includes(claim));
  if (scopes === 'settings') {
    // Anonymous endpoints check the scopes of a key in the header, even an invalid one (P-KEY-09).
    if (!isKey || isAllowed(FULL_READ)) return undefined;
    return problemReply(403, traceIdOf(exchange));
  }
  if (caller === undefined) return emptyReply(401, isKey ? {} : { 'Set-Cookie': COOKIE_DELETION });
  return scopes === 'none' || isAllowed(scopes) ? undefined : emptyReply(403);
}

async function readBody(exchange: Exchange): Promise<undefined> {
  const hasBody = exchange.request.method !== 'GET' && !exchange.endpoint?.hasNoBody;
  if (hasBody && exchange.request.signal.aborted) throw new ClientLeft();
  if (hasBody) exchange.body = await readJson(exchange);
}

/** Notes the person of a request from its body or query, and counts POSTs. */
function noteSubject(exchange: Exchange): undefined {
  const { portal, endpoint, request, url, body } = exchange;
  const isRead = request.method === 'GET';
  const email = isRead ? url.searchParams.get('email') : fieldsOf(body)?.get('email');
  if (typeof email === 'string') exchange.email = email;
  if (endpoint?.rates === 'create' && exchange.email !== undefined) {
    portal.journal.posted(exchange.email, portal.accounts.find(exchange.email) !== undefined);
  }
}

/** Runs the action. An exception skips `send answer`, since only an effect can lose its answer. */
async function act(exchange: Exchange): Promise<undefined> {
  exchange.reply = await exchange.endpoint?.act(exchange);
}

function errorReply(exchange: Exchange, error: unknown): Reply {
  if (exchange.life.aborted) exchange.portal.journal.suffered('outage.killed');
  const isCut = error instanceof ServerKilled || error instanceof ClientLeft;
  if (exchange.life.aborted || isCut) return resetReply();
  if (error instanceof PortalError) return exceptionReply(error);
  if (error instanceof ValidationError) {
    return validationReply(error, exchange.link, traceIdOf(exchange));
  }
  exchange.portal.logger?.error({ err: error }, 'the sandbox failed');
  return exceptionReply(new PortalError('sandboxFailed'));
}
