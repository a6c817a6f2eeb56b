import { batchIdOf, submissionDigest } from '../batch/identity.ts';
import type { Submission } from '../batch/submit.ts';
import { OnboardError } from '../errors.ts';
import type { Format } from '../intake/format.ts';
import { openSource, type Source } from '../intake/source.ts';
import type { AccountType } from '../person.ts';
import { BATCH_ID } from '../queue/job-id.ts';
import type { Context } from './context.ts';
import { namePatternOf } from './name-pattern.ts';
import { openPortal } from './open.ts';

/** The flags that `run` and `submit` share. */
export interface SubmissionFlags {
  batch?: string;
  type: AccountType;
  inviteType: AccountType;
  culture?: string;
  format?: Format;
  delimiter?: string;
  json?: boolean;
  strict?: boolean;
  concurrency?: string;
  maxFailures?: string;
  inviteSize?: string;
}

/**
 * Reads the files once, so that whatever is wrong with their form is told before anything is
 * submitted, and derives the batch from their contents and the options.
 * @throws {OnboardError} E_FILE_…, E_USAGE
 */
export async function prepareSubmission(
  context: Context,
  files: readonly string[],
  flags: SubmissionFlags,
): Promise<{ source: Source; submission: Submission }> {
  checkBatchId(flags.batch);
  const { io, config, closers } = context;
  const asked = openPortal(context);
  const namePattern = await namePatternOf(asked);
  const source = await openSource({
    files,
    stdin: io.stdin,
    defaultType: flags.type,
    signal: io.interrupt,
    ...(namePattern === undefined ? {} : { namePattern }),
    ...(flags.culture === undefined ? {} : { defaultCulture: flags.culture }),
    ...(flags.format === undefined ? {} : { format: flags.format }),
    ...(flags.delimiter === undefined ? {} : { delimiter: flags.delimiter }),
  });
  closers.add('input', () => source.close());
  const { type, inviteType, culture } = flags;
  const portal = config.portalUrl.origin;
  const digest = submissionDigest({ content: source.digest, type, inviteType, culture, portal });
  const id = flags.batch ?? batchIdOf(digest);
  const about = { id, digest, portal, inviteType, ...(culture === undefined ? {} : { culture }) };
  const acceptedOnPortal = asked.clock();
  const when = acceptedOnPortal === undefined ? {} : { acceptedOnPortal };
  const rows = () => source.entries();
  return { source, submission: { ...about, ...when, ...optionsOf(flags), rows } };
}

/** Options that are no part of what the batch is; absent ones leave it as it is. */
function optionsOf(flags: SubmissionFlags): Pick<Submission, 'maxFailedPercent' | 'inviteSize'> {
  const { maxFailures, inviteSize } = flags;
  return {
    ...(maxFailures === undefined ? {} : { maxFailedPercent: readPercent(maxFailures) }),
    ...(inviteSize === undefined ? {} : { inviteSize: readInviteSize(inviteSize) }),
  };
}

function readPercent(text: string): number {
  const [, digits] = /^(\d{1,3})\s*%?$/.exec(text.trim()) ?? [];
  const percent = Number(digits ?? Number.NaN);
  if (percent <= 100) return percent;
  const problem = 'give the share of failed people that stops everything, 0 to 100 percent';
  throw new OnboardError('E_USAGE', `--max-failures ${text}: ${problem}`);
}

function readInviteSize(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new OnboardError('E_USAGE', `--invite-size ${text}: give a whole number, 1 to 999999`);
}

function checkBatchId(id: string | undefined): void {
  if (id === undefined || BATCH_ID.test(id)) return;
  throw new OnboardError(
    'E_USAGE',
    `--batch ${id}: use a letter, then up to 63 letters, digits, _ and -`,
  );
}

/** Says which columns of the files are not used, so that a misspelt one is noticed. */
export function ignoredColumnsLine(source: Source): string {
  const names = source.ignoredColumns;
  return names.length === 0 ? '' : `columns not used: ${names.join(', ')}\n`;
}
