import { badArgument, PortalError, usernameTaken } from '../http/portal-exceptions.ts';
import type { Exchange } from '../http/server-exchange.ts';
import type { FaultKind } from './faults.ts';
import { recordFault } from './wire-faults.ts';

/** Moments of an injected failure: a lost race, after the INSERT, at the middle invitation. */
type Moment = 'race' | 'inserted' | 'midway';

interface Breakdown {
  readonly moment: Moment;
  readonly error: (exchange: Exchange, email: string) => PortalError;
}

const breakdowns: Partial<Record<FaultKind, Breakdown>> = {
  race403: { moment: 'race', error: usernameTaken },
  race400: { moment: 'race', error: () => badArgument('Duplicate UserName') },
  error500Groupless: { moment: 'inserted', error: mailNotSent },
  refusedMidway: {
    moment: 'midway',
    error: ({ portal }, email) => badArgument(portal.texts.disabled(email)),
  },
};

/** Throws at this moment of an action if the request has drawn its fault. */
export function breakDown(exchange: Exchange, moment: Moment, email: string): void {
  const breakdown = exchange.fault && breakdowns[exchange.fault];
  if (breakdown?.moment !== moment) return;
  recordFault(exchange, email);
  throw breakdown.error(exchange, email);
}

/** An absent event bus prevents the mail and all later steps (P-CREATE-13). */
function mailNotSent(): PortalError {
  const type = 'RabbitMQ.Client.Exceptions.BrokerUnreachableException';
  return new PortalError(500, type, 'None of the specified endpoints were reachable');
}
