import { batchIdOf, submissionDigest } from '../batch/identity.ts';
import type { Submission } from '../batch/submit-batch.ts';
import type { IntakeOptions } from '../intake/intake-options.ts';
import { openSource, type Source } from '../intake/source.ts';
import type { BatchOptions } from '../ledger/batch/batch-options.ts';
import type { AccountType } from '../people/account-types.ts';
import type { NamedGroups } from '../people/groups.ts';
import type { Portal } from '../portal/client.ts';
import { readPublicFacts } from '../portal/public-facts.ts';
import type { Timings } from '../timings.ts';
import { fitCulture } from './fit-culture.ts';
import { checkGroupOptions, type GroupOptions, namedInList } from './named-in-list.ts';

/** The portal that a list is for. */
export interface ForPortal {
  portal: Portal;
  origin: string;
  timings: Timings;
  /** Whether a key is here, so that groups are found before anything is submitted. */
  hasKey?: boolean | undefined;
}

export interface ListOptions extends GroupOptions {
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
  forPortal: ForPortal,
  input: ListInput,
  options: ListOptions,
): Promise<PreparedList> {
  checkGroupOptions(options, { hasKey: forPortal.hasKey === true });
  const { portal, timings } = forPortal;
  const { namePattern, portalNow } = await readPublicFacts(portal, timings);
  const { type: defaultType, allowedTypes, culture: defaultCulture } = options;
  const source = await openSource({
    ...input,
    ...{ defaultType, allowedTypes, defaultCulture, namePattern },
  });
  try {
    const submission = await submissionOf(forPortal, source, options);
    return { source, submission: { ...submission, acceptedOnPortal: portalNow } };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function submissionOf(
  { portal, origin, timings }: ForPortal,
  source: Source,
  { batch, type, allowedTypes, inviteType, culture, notify, options, ...ofGroups }: ListOptions,
): Promise<Submission> {
  const about = { type, allowedTypes, inviteType, culture, portal: origin, ofGroups };
  const digest = submissionDigest({ content: source.digest, ...about });
  const fitted = await fitCulture({ portal, timings }, source, culture);
  const ofPortal = {
    cultures: fitted.cultures,
    defaultCulture: fitted.culture,
    readsGroups: ofGroups.groups !== 'ignore',
  };
  const named = await namedInList(source, ofGroups);
  return {
    ...options,
    id: batch ?? batchIdOf(digest),
    digest,
    portal: origin,
    inviteType,
    culture: fitted.culture,
    notify,
    ...(named !== undefined && ofNames(named, ofGroups)),
    remarks: [...source.remarks, ...fitted.remarks],
    rows: () => source.entries(ofPortal),
  };
}

/** The part of a submission about groups. */
function ofNames(
  named: NamedGroups,
  { groups = 'existing', group, joinExisting }: GroupOptions,
): Pick<Submission, 'groups' | 'group' | 'joinExisting' | 'named'> {
  return { groups, group, joinExisting, named: { groups: named, isSettled: false } };
}
