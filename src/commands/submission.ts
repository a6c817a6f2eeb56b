import type { AccountType } from '../account-types.ts';
import { batchIdOf, submissionDigest } from '../batch/identity.ts';
import type { Submission } from '../batch/submit.ts';
import { OnboardError } from '../errors.ts';
import type { Format } from '../intake/format.ts';
import { openSource, type Source } from '../intake/source.ts';
import type { Portal } from '../portal/client.ts';
import { namePatternOf } from '../portal/name-pattern.ts';
import { BATCH_ID } from '../queue/job-id.ts';
import { type BatchOptionFlags, batchOptions } from './batch-options.ts';
import type { Context } from './context.ts';
import { openPortal } from './open.ts';

/** The flags that `run` and `submit` share. */
export interface SubmissionFlags extends BatchOptionFlags {
  batch?: string;
  type: AccountType;
  inviteType: AccountType;
  culture?: string;
  format?: Format;
  delimiter?: string;
  sheet?: string;
  map?: string[];
  only?: string[];
  json?: boolean;
  strict?: boolean;
  concurrency?: string;
  notify?: string;
  /** False with `--no-check`. */
  check?: boolean;
}

/** A submission that could be made. */
export interface Prepared {
  source: Source;
  submission: Submission;
  /** The portal that was asked for its rule for names. */
  portal: Portal;
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
): Promise<Prepared> {
  checkBatchId(flags.batch);
  const { io, config, closers } = context;
  const portal = openPortal(context);
  const namePattern = await namePatternOf(portal, io.timings);
  const source = await openSource({
    files,
    stdin: io.stdin,
    defaultType: flags.type,
    signal: io.interrupt,
    ...(namePattern === undefined ? {} : { namePattern }),
    ...(flags.culture === undefined ? {} : { defaultCulture: flags.culture }),
    ...(flags.format === undefined ? {} : { format: flags.format }),
    ...(flags.delimiter === undefined ? {} : { delimiter: flags.delimiter }),
    ...(flags.sheet === undefined ? {} : { sheet: flags.sheet }),
    maps: flags.map ?? [],
    only: flags.only ?? [],
  });
  closers.add('input', () => source.close());
  const { type, inviteType, culture } = flags;
  const { origin } = config.portalUrl;
  const what = { content: source.digest, type, inviteType, culture, portal: origin };
  const digest = submissionDigest(what);
  const id = flags.batch ?? batchIdOf(digest);
  const about = {
    id,
    digest,
    portal: origin,
    inviteType,
    ...(culture === undefined ? {} : { culture }),
  };
  const acceptedOnPortal = portal.clock();
  const when = acceptedOnPortal === undefined ? {} : { acceptedOnPortal };
  const url = config.notifyUrl();
  const told = url === undefined ? {} : { notify: url };
  const rows = () => source.entries();
  const submission = { ...about, ...when, ...told, ...batchOptions(flags), rows };
  return { source, submission, portal };
}

function checkBatchId(id: string | undefined): void {
  if (id === undefined || BATCH_ID.test(id)) return;
  throw new OnboardError(
    'E_USAGE',
    `--batch ${id}: use a letter, then up to 63 letters, digits, _ and -`,
  );
}

/** Flags that stand for a variable. */
export function overridesOf({ concurrency, notify }: SubmissionFlags) {
  return { ONBOARD_CONCURRENCY: concurrency, ONBOARD_NOTIFY_URL: notify };
}

/** Says which columns of the files are not used, so that a misspelt one is noticed, and which rows. */
export function ignoredLines({ ignoredColumns: names, rows, passedOver }: Source): string {
  const columns = names.length === 0 ? '' : `columns not used: ${names.join(', ')}\n`;
  return passedOver === 0 ? columns : `${columns}--only: ${rows} of ${rows + passedOver} rows\n`;
}
