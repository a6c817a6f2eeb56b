import { OnboardError } from '../../errors.ts';
import { refusalOf, storeTrouble } from '../trouble.ts';

/** Remedies of refusals; all others end without a person. */
const REMEDIES: Record<string, string> = {
  MISCONF: 'free space on its disk',
  OOM: 'give it more memory (maxmemory)',
  READONLY: 'correct REDIS_URL, which leads to a replica, or wait for the failover to end',
  NOPERM:
    'give the user of REDIS_URL the rights of one of the two users in docs/configuration.md (one for every command, one that only reads)',
  NOREPLICAS: 'bring its replicas back (min-replicas-to-write)',
};

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
  // Redis' own text can name the keys of a script.
  const refusal = refusalOf(error) ?? '';
  const remedy = REMEDIES[refusal] ?? 'wait until it recovers';
  const text = `Redis refuses to work (${refusal}): ${remedy}, then run the same command; recorded work is not lost`;
  return new OnboardError('E_REDIS_REFUSES', text, { cause: error, details: { refusal } });
}
