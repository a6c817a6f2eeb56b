import { countInvitations, readJson } from './body.ts';
import { createPerson } from './create-person.ts';
import { type Exchange, takeTime, traceIdOf } from './exchange.ts';
import { isUsable, scopesOf } from './keys.ts';
import { MediaTypeError, PortalError, ValidationError } from './portal-errors.ts';
import {
  emptyReply,
  exceptionReply,
  mediaTypeReply,
  problemReply,
  type Reply,
  validationReply,
} from './replies.ts';

const PREFIX = 'Bearer ';
/** What a refused cookie login deletes; every credential that is no key ends in that scheme. */
const COOKIE_DELETION = 'asc_auth_key=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/';

/** One step of the pipeline: an answer ends the request, nothing lets it go on. */
export interface Step {
  readonly name: string;
  readonly run: (exchange: Exchange) => Reply | undefined | Promise<Reply | undefined>;
}

/**
 * The way of every API request, in the order of docspace-contract 0. Whatever else may happen to
 * a request on its way (a fault, a portal state) is one more step in this list.
 */
const steps: readonly Step[] = [
  { name: 'authenticate', run: authenticate },
  { name: 'admit', run: admit },
  { name: 'work', run: work },
  { name: 'authorize', run: authorize },
  { name: 'read body', run: readBody },
  { name: 'act', run: act },
];

/** Runs the steps until one answers; what a step throws becomes the portal's error shape. */
export async function answer(exchange: Exchange, path: readonly Step[] = steps): Promise<Reply> {
  try {
    for (const step of path) {
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

/** Finds the caller; failing is not an answer yet, because 429 comes before 401. */
function authenticate(exchange: Exchange): undefined {
  const secret = secretOf(exchange);
  const key = secret === undefined ? undefined : exchange.portal.keys.get(secret);
  const at = exchange.portal.now();
  if (key === undefined || !isUsable(key, at)) return;
  key.lastUsedAt = at;
  exchange.caller = { key, account: key.owner };
}

/** The key in the header, for the exact prefix `Bearer sk-` only (docspace-contract 1). */
function secretOf({ request }: Exchange): string | undefined {
  const header = request.headers.get('authorization') ?? '';
  return header.startsWith(`${PREFIX}sk-`) ? header.slice(PREFIX.length) : undefined;
}

async function admit(exchange: Exchange): Promise<Reply | undefined> {
  const { portal, caller, endpoint, request } = exchange;
  const counts =
    endpoint?.policy === 'invitations' && Number.isFinite(portal.limits.invitationsPerDay);
  const verdict = portal.admission.admit({
    partition: caller?.account.id ?? exchange.peer,
    method: request.method,
    policy: endpoint?.policy,
    invitations: counts ? await countInvitations(exchange) : 0,
  });
  if ('refusal' in verdict) return verdict.refusal;
  exchange.release = verdict.release;
  return undefined;
}

/** POST /people spends the other half of the latency inside, where its races happen. */
async function work({ portal, endpoint }: Exchange): Promise<undefined> {
  await takeTime(portal, endpoint?.act === createPerson ? 0.5 : 1);
}

function authorize(exchange: Exchange): Reply | undefined {
  const { endpoint, caller } = exchange;
  if (endpoint === undefined) return emptyReply(404);
  const { scopes } = endpoint;
  if (scopes === 'settings') return authorizeAnonymous(exchange);
  if (caller === undefined) return unauthorized(exchange);
  if (scopes === 'none' || scopesOf(caller.key).some((scope) => scopes.includes(scope))) {
    return undefined;
  }
  return emptyReply(403);
}

/** Anonymous endpoints check the scopes of a key that was sent all the same, valid or not. */
function authorizeAnonymous(exchange: Exchange): Reply | undefined {
  if (secretOf(exchange) === undefined) return undefined;
  const scopes = exchange.caller === undefined ? [] : scopesOf(exchange.caller.key);
  const isAllowed = scopes.includes('*:read') || scopes.includes('*:write');
  return isAllowed ? undefined : problemReply(403, traceIdOf(exchange));
}

function unauthorized(exchange: Exchange): Reply {
  const isKey = secretOf(exchange) !== undefined;
  return emptyReply(401, isKey ? {} : { 'Set-Cookie': COOKIE_DELETION });
}

async function readBody(exchange: Exchange): Promise<undefined> {
  if (exchange.request.method !== 'GET') exchange.body = await readJson(exchange);
}

function act(exchange: Exchange): Reply | undefined | Promise<Reply> {
  return exchange.endpoint?.act(exchange);
}

function errorReply(exchange: Exchange, error: unknown): Reply {
  if (error instanceof PortalError) return exceptionReply(error);
  if (error instanceof ValidationError) {
    return validationReply(error, exchange.link, traceIdOf(exchange));
  }
  if (error instanceof MediaTypeError) return mediaTypeReply(exchange.link, traceIdOf(exchange));
  exchange.portal.logger?.error({ err: error }, 'the sandbox itself failed');
  return exceptionReply(new PortalError(500, 'System.Exception', 'The sandbox itself failed'));
}
