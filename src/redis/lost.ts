import { OnboardError } from '../errors.ts';

/** What ioredis says of a connection that ended, is not there, or does not answer in time. */
const LOST =
  /^(Connection is closed|Stream isn't writeable|Command timed out|Reached the max retries|Connection in flight)/;

/**
 * An error of a lost connection as one that a user can act on; anything else as it is. The producer
 * fails fast, so this ends a command within seconds; the ledger keeps what was done.
 */
export function explainLost(error: unknown): unknown {
  const lost =
    error instanceof Error &&
    (error.name === 'MaxRetriesPerRequestError' ||
      LOST.test(error.message) ||
      ('code' in error && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(error.code))));
  if (!lost) return error;
  return new OnboardError(
    'E_REDIS_UNREACHABLE',
    'Redis went away: nothing that was recorded is lost; run the same command when it is back',
    { cause: error },
  );
}
