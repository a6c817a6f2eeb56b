import { withoutAddresses } from '../privacy/redact.ts';

/** Messages of ioredis about a closed, missing or silent connection. */
const LOST =
  /^(Connection is closed|Stream isn't writeable|Command timed out|Command aborted due to connection close|Reached the max retries|Connection in flight|Socket timeout|All sentinels are unreachable)/;
const LOST_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'];

/**
 * Word of a refusal inside the error of a script: Redis 6.2 answers `…: -OOM command …`. Redis 6.2
 * and 7.0 have a sentence instead of NOPERM for a command in a script.
 */
const IN_SCRIPT =
  /[\s:]-(OOM|MISCONF|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|TRYAGAIN|BUSY|UNBLOCKED|NOPERM)\b/;
const FORBIDS = /The user executing the script can't /;

/**
 * Answers about a value, a script or the form of a command: the same command never succeeds. Every
 * other error reply is a refusal: hosted services have answers of their own, such as quotas.
 */
const OWN_FAULT =
  /^(?:WRONGTYPE|BUSYGROUP|NOGROUP|NOSCRIPT|NOTBUSY|BUSYKEY|UNKILLABLE)\b|^ERR (?:wrong |syntax error|Error (?:running|compiling) script|.*(?:user_script:\d+: |not an integer|not a valid float|bit offset|out of range|attempt to [a-z]+ |bad argument|no such key))/;

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

/** The first word of Redis' refusal, such as OOM or ERR; undefined for every other error. */
export function refusalOf(error: Error): string | undefined {
  const { name, message } = reasonOf(error);
  if (name !== 'ReplyError') return undefined;
  if (FORBIDS.test(message)) return 'NOPERM';
  const inside = IN_SCRIPT.exec(message)?.[1];
  if (inside !== undefined || OWN_FAULT.test(message)) return inside;
  return /^-?([A-Z][A-Z\d]*)\b/.exec(message)?.[1] ?? 'ERR';
}

/** A transaction is refused as a whole (EXECABORT): the answer to its first command says why. */
function reasonOf(error: Error): Error {
  const earlier: unknown = 'previousErrors' in error ? error.previousErrors : undefined;
  const first: unknown = Array.isArray(earlier) ? earlier[0] : undefined;
  return first instanceof Error ? first : error;
}

const LONGEST = 200;

/**
 * Redis' own words, fit for a log: without the arguments of the command and the place in a script,
 * which some answers repeat, and at most 200 characters.
 */
export function answerOf(error: Error): string {
  const { message } = reasonOf(error);
  const [words = ''] = message.split(/,? with args beginning with|,? script: [\da-f]{4,}/);
  const text = withoutAddresses(words.trim());
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
