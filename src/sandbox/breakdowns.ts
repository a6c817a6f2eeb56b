import type { Exchange } from './exchange.ts';
import type { FaultKind } from './faults.ts';
import { badArgument, PortalError, usernameTaken } from './portal-errors.ts';
import { recordFault } from './wire-faults.ts';

/** Where an action may fail on demand: losing a race, after the INSERT, at the middle invitation. */
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

/** Throws at this moment of an action if that is what the request has drawn. */
export function breakDown(exchange: Exchange, moment: Moment, email: string): void {
  const breakdown = exchange.fault && breakdowns[exchange.fault];
  if (breakdown?.moment !== moment) return;
  recordFault(exchange, email);
  throw breakdown.error(exchange, email);
}

/** The event bus is away, which takes the mail and everything after it (2.1, step 14). */
function mailNotSent(): PortalError {
  const type = 'RabbitMQ.Client.Exceptions.BrokerUnreachableException';
  return new PortalError(500, type, 'None of the specified endpoints were reachable');
}
