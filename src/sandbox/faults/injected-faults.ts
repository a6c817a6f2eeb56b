import { setTimeout as sleep } from 'node:timers/promises';
import { PortalError } from '../http/portal-exceptions.ts';
import { exceptionReply, proxyReply, type Reply, resetReply } from '../http/replies.ts';
import type { Exchange } from '../http/server-exchange.ts';
import type { FaultKind } from './faults.ts';

type Effect = (exchange: Exchange) => Reply | undefined | Promise<undefined>;
type Spoiler = (exchange: Exchange, reply: Reply) => Reply | Promise<Reply>;

/** Faults before all of the work of a request. */
const arrivals: Partial<Record<FaultKind, Effect>> = {
  error500Before: () => exceptionReply(new PortalError('notSaved')),
  resetBefore: resetReply,
  stallBefore: stall,
  html502Before: () => proxyReply(502),
};

/** Faults of the answer after all of the work of a request. */
const spoilers: Partial<Record<FaultKind, Spoiler>> = {
  // Both exceptions are equal, so that a client cannot distinguish them.
  error500After: () => exceptionReply(new PortalError('notSaved')),
  resetAfter: resetReply,
  stallAfter: async (exchange, reply) => (await stall(exchange)) ?? reply,
  html502After: () => proxyReply(502),
  truncatedJson: (_, reply) => ({ ...reply, body: reply.body.slice(0, reply.body.length >> 1) }),
  cutShort: (_, reply) => ({ ...reply, wire: 'cut' }),
};

/** Step of the pipeline: draws the fault of this request. */
export function drawFault(exchange: Exchange): undefined {
  const { portal, endpoint, email } = exchange;
  if (endpoint?.rates === undefined) return;
  exchange.fault = portal.conditions.drawFault(endpoint.rates, email?.toLowerCase() ?? '');
}

/** Step of the pipeline: injects a fault before the action. */
export function sufferArrival(exchange: Exchange): ReturnType<Effect> {
  const effect = exchange.fault && arrivals[exchange.fault];
  if (effect === undefined) return undefined;
  recordFault(exchange);
  return effect(exchange);
}

/** Step of the pipeline: sends the answer of the action, or the rest of it. */
export function sendAnswer(exchange: Exchange): Reply | undefined | Promise<Reply> {
  const { reply, fault } = exchange;
  const spoil = fault && spoilers[fault];
  if (spoil === undefined || reply === undefined) return reply;
  recordFault(exchange);
  return spoil(exchange, reply);
}

/** Records the drawn fault in the journal. */
function recordFault({ portal, endpoint, fault, email }: Exchange, about = email): void {
  portal.journal.suffered(`${endpoint?.rates}.${fault}`, about);
}

/** Waits; a stalled request must not keep the process of a closed sandbox alive. */
function stall({ portal }: Exchange): Promise<undefined> {
  return sleep(portal.conditions.faults.stallMs, undefined, { ref: false });
}

/** Throws the error of the drawn fault, if it is one of these failures inside an action. */
export function breakDown(
  exchange: Exchange,
  email: string,
  errors: Partial<Record<FaultKind, () => Error>>,
): void {
  const errorOf = exchange.fault && errors[exchange.fault];
  if (errorOf === undefined) return;
  recordFault(exchange, email);
  throw errorOf();
}
