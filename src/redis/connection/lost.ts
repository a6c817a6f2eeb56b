import { OnboardError } from '../../errors.ts';
import { answerOf, refusalOf, storeTrouble } from '../trouble.ts';

const LOGIN = 'correct user and password in REDIS_URL';
/** Remedy for a server in cluster mode. */
export const NO_CLUSTER = 'set REDIS_URL to a Redis without cluster mode';

/** Remedies of refusals by their first word. */
const REMEDIES: Record<string, string> = {
  NOAUTH: LOGIN,
  WRONGPASS: LOGIN,
  MOVED: NO_CLUSTER,
  ASK: NO_CLUSTER,
  CROSSSLOT: NO_CLUSTER,
  CLUSTERDOWN: NO_CLUSTER,
  DENIED: 'give it a password, or let it listen on this machine only',
  MISCONF: 'free space on its disk',
  OOM: 'give it more memory (maxmemory)',
  READONLY: 'correct REDIS_URL, which leads to a replica, or wait for the failover to end',
  NOPERM:
    'give the user of REDIS_URL the rights of one of the two users in docs/configuration.md (one for every command, one that only reads)',
  NOREPLICAS: 'bring its replicas back (min-replicas-to-write)',
};

/** Remedies of refusals that begin with ERR, by their words. */
const BY_WORDS: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/max number of clients/, 'raise its maxclients, or end other clients'],
  [/quota|limit|exceeded|plan\b/i, 'raise the limit at the provider of the server'],
  [/unknown (?:sub)?command/, 'use a server that has this command'],
];

/** Whether Redis refused a command to this user: an ACL, such as that of a reader. */
export function isForbidden(error: unknown): boolean {
  return error instanceof Error && refusalOf(error) === 'NOPERM';
}

/**
 * Turns an error of a Redis that is gone, or refuses to work, into one with a remedy, and returns
 * any other error unchanged. A producer fails fast, so this ends a command within seconds; the
 * ledger has all finished work.
 */
export function explainLost(error: unknown): unknown {
  const trouble = storeTrouble(error);
  if (trouble === undefined || !(error instanceof Error)) return error;
  if (trouble === 'lost') {
    const text = 'Redis went away: run the same command when it is back; recorded work is not lost';
    return new OnboardError('E_REDIS_UNREACHABLE', text, { cause: error });
  }
  const refusal = refusalOf(error) ?? '';
  const text = `${refusalText(error)}, then run the same command; recorded work is not lost`;
  return new OnboardError('E_REDIS_REFUSES', text, { cause: error, details: { refusal } });
}

/** One sentence about a refusal: its word, the remedy and, in parentheses, Redis' own words. */
export function refusalText(error: Error): string {
  const refusal = refusalOf(error) ?? 'ERR';
  const answer = answerOf(error);
  const words = answer.startsWith(`${refusal} `) ? answer.slice(refusal.length + 1) : answer;
  return `Redis refuses to work (${refusal}): ${remedyOf(error)} (it answered "${words}")`;
}

/** Remedy of a refusal, by its first word or its text. */
export function remedyOf(error: Error): string {
  const known = REMEDIES[refusalOf(error) ?? 'ERR'];
  const byWords = BY_WORDS.find(([words]) => words.test(error.message));
  return known ?? byWords?.[1] ?? 'wait until it recovers';
}
