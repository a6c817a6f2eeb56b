import type { Submission } from '../batch/submit.ts';
import { OnboardError } from '../errors.ts';

/** Flags that are no part of what a batch is: a later submission of the same may change them. */
export interface BatchOptionFlags {
  maxFailures?: string;
  inviteSize?: string;
  limit?: string;
  holdInvite?: boolean;
  minCreated?: string;
  inviteAt?: string;
}

type BatchOptions = Pick<
  Submission,
  'maxFailedPercent' | 'inviteSize' | 'limit' | 'inviteHeld' | 'minCreatedPercent' | 'inviteAt'
>;

/**
 * Reads the flags; absent ones leave the batch as it is.
 * @throws {OnboardError} E_USAGE that names the flag and what it takes.
 */
export function batchOptions(flags: BatchOptionFlags): BatchOptions {
  const { maxFailures, inviteSize, limit, holdInvite, minCreated, inviteAt } = flags;
  return {
    ...(maxFailures === undefined
      ? {}
      : { maxFailedPercent: percent('--max-failures', maxFailures) }),
    ...(inviteSize === undefined ? {} : { inviteSize: count('--invite-size', inviteSize) }),
    ...(limit === undefined ? {} : { limit: count('--limit', limit) }),
    ...(holdInvite ? { inviteHeld: true } : {}),
    ...(minCreated === undefined
      ? {}
      : { minCreatedPercent: percent('--min-created', minCreated) }),
    ...(inviteAt === undefined ? {} : { inviteAt: time('--invite-at', inviteAt) }),
  };
}

function percent(flag: string, text: string): number {
  const [, digits] = /^(\d{1,3})\s*%?$/.exec(text.trim()) ?? [];
  const share = Number(digits ?? Number.NaN);
  if (share <= 100) return share;
  throw new OnboardError('E_USAGE', `${flag} ${text}: give a share from 0 to 100 percent`);
}

function count(flag: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new OnboardError('E_USAGE', `${flag} ${text}: give a whole number, 1 or more`);
}

/** ISO 8601 with a date and a time; without an offset it is local time. */
function time(flag: string, text: string): number {
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.test(text);
  const at = isIso ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const example = 'give a date with a time, as 2026-12-01T08:00+01:00';
  throw new OnboardError('E_USAGE', `${flag} ${text}: ${example}`);
}
