/** Messages of ioredis about a closed, missing or silent connection. */
const LOST =
  /^(Connection is closed|Stream isn't writeable|Command timed out|Command aborted due to connection close|Reached the max retries|Connection in flight|Socket timeout|All sentinels are unreachable)/;
const LOST_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'];

/**
 * Answers of a Redis that refuses to work: memory or disk full, a replica, loading, busy, a user
 * without the right. Redis 6.2 puts the word inside the error of a script (`…: -OOM command …`).
 */
const REFUSES =
  /(?:^|[\s:]-)(OOM|MISCONF|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|TRYAGAIN|BUSY|UNBLOCKED|NOPERM)\b/;
/** Words of Redis 6.2 and 7.0 instead of NOPERM, for a command in a script. */
const FORBIDS = /The user executing the script can't /;

/** `lost`: no connection, or no answer. `refuses`: Redis refuses all clients, or this user. */
export type StoreTrouble = 'lost' | 'refuses';

/**
 * The trouble of Redis behind an error: such an error is not about a person, a row or a command,
 * and the same work can succeed later. Undefined for every other error.
 */
export function storeTrouble(error: unknown): StoreTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  if (refusalOf(error) !== undefined) return 'refuses';
  const code = 'code' in error ? String(error.code) : '';
  const lost = error.name === 'MaxRetriesPerRequestError' || LOST.test(error.message);
  return lost || LOST_CODES.includes(code) ? 'lost' : undefined;
}

/** The word of Redis' refusal, such as OOM; undefined for every other error. */
export function refusalOf(error: Error): string | undefined {
  if (error.name !== 'ReplyError') return undefined;
  if (FORBIDS.test(error.message)) return 'NOPERM';
  return REFUSES.exec(error.message)?.[1];
}
