import { batchIdOf, submissionDigest } from '../batch/identity.ts';
import type { Submission } from '../batch/submit-batch.ts';
import type { IntakeOptions } from '../intake/intake-options.ts';
import { openSource, type Source } from '../intake/source.ts';
import type { BatchOptions } from '../ledger/batch/batch-options.ts';
import type { AccountType } from '../people/account-types.ts';
import type { Portal } from '../portal/client.ts';
import { readPublicFacts } from '../portal/public-facts.ts';
import type { Timings } from '../timings.ts';
import { fitCulture } from './fit-culture.ts';

/** The portal that a list is for. */
export interface ForPortal {
  portal: Portal;
  origin: string;
  timings: Timings;
}

export interface ListOptions {
  /** Names the batch (`BATCH_ID`); without it, contents and options do. */
  batch?: string | undefined;
  /** Type of people for whom the list names none. */
  type: AccountType;
  /** Types that rows may name besides `type`. */
  allowedTypes?: readonly AccountType[] | undefined;
  inviteType: AccountType;
  culture?: string | undefined;
  /** Where the end of the batch is sent; a secret. */
  notify?: string | undefined;
  options: BatchOptions;
}

export type ListInput = Omit<
  IntakeOptions,
  'namePattern' | 'defaultType' | 'allowedTypes' | 'defaultCulture'
>;

/** A submission that could be made; `source` must be closed. */
export interface PreparedList {
  source: Source;
  submission: Submission;
}

/**
 * Reads a list once, so that every fault of its form is reported before anything is submitted, and
 * derives the batch from its contents and the options. Asks the portal for its rule for names and
 * for its clock, by which the age of accounts is judged later.
 * @throws {OnboardError} E_FILE_…, E_USAGE
 */
export async function prepareSubmission(
  { portal, origin, timings }: ForPortal,
  input: ListInput,
  { batch, type, allowedTypes, inviteType, culture, notify, options }: ListOptions,
): Promise<PreparedList> {
  const { namePattern, portalNow } = await readPublicFacts(portal, timings);
  const rules = { defaultType: type, allowedTypes, defaultCulture: culture, namePattern };
  const source = await openSource({ ...input, ...rules });
  const digest = submissionDigest({
    content: source.digest,
    type,
    allowedTypes,
    inviteType,
    culture,
    portal: origin,
  });
  const fitted = await fitCulture({ portal, timings }, source, culture);
  const ofPortal = { cultures: fitted.cultures, defaultCulture: fitted.culture };
  const submission: Submission = {
    ...options,
    id: batch ?? batchIdOf(digest),
    digest,
    portal: origin,
    inviteType,
    culture: fitted.culture,
    acceptedOnPortal: portalNow,
    notify,
    remarks: [...source.remarks, ...fitted.remarks],
    rows: () => source.entries(ofPortal),
  };
  return { source, submission };
}
