import {
  type FoundGroups,
  findGroups,
  namesToMake,
  withGroups,
} from '../../actions/find-groups.ts';
import { becomeMaker, makeNamed } from '../../actions/make-named.ts';
import type { Context } from '../context.ts';
import type { LedgerStore } from '../open/ledger-store.ts';
import type { Prepared } from './prepare.ts';

/** A submission with the groups that were found for it, where the key could read them. */
export interface Grouped extends Prepared {
  found?: FoundGroups | undefined;
}

/**
 * Finds the groups that a submission names, with a key; without one, workers do so. Writes nothing.
 * @throws {OnboardError} E_GROUP_AMBIGUOUS, E_GROUP_UNKNOWN, E_REFUSED
 */
export async function groupsFor(
  { io, config }: Context,
  store: LedgerStore | undefined,
  prepared: Prepared,
): Promise<Grouped> {
  if (config.apiKey() === '') return prepared;
  const { portal, submission } = prepared;
  const finding = { signal: io.interrupt, withinMs: io.timings.groupsAskMs };
  const found = await findGroups({ portal, ledger: store?.ledger, ...finding }, submission);
  if (found === undefined) return prepared;
  return { ...prepared, found, submission: withGroups(submission, found) };
}

/**
 * Finds the groups and, after `check`, makes those that are missing where that was asked for. Others
 * make none in between.
 */
export async function makeGroupsFor(
  context: Context,
  store: LedgerStore,
  prepared: Prepared,
  check: (grouped: Grouped) => Promise<void>,
): Promise<Grouped> {
  const { io, config } = context;
  const isMaker = prepared.submission.groups === 'create' && config.apiKey() !== '';
  const maker = isMaker ? await becomeMaker(store.ledger, io.timings) : undefined;
  try {
    const grouped = await groupsFor(context, store, prepared);
    await check(grouped);
    const { found, submission, portal } = grouped;
    if (found === undefined || namesToMake(found).length === 0) return grouped;
    const { ledger } = store;
    const { lookUpDelayMs } = config;
    const making = { portal, ledger, maker, signal: io.interrupt, now: Date.now, lookUpDelayMs };
    return { ...grouped, submission: await makeNamed(making, submission, found) };
  } finally {
    await maker?.release();
  }
}
