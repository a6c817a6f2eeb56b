import { requireBatch } from '../ledger/batch/require-batch.ts';
import { type Action, actionNames } from '../ledger/notes/action-log.ts';
import { type LogFilter, type LoggedEntry, readLogPage } from '../ledger/notes/read-log.ts';
import type { Readable } from './overview.ts';

/** Entries that a page searches: a filter that picks few continues with `next`. 20 ms of Redis' time. */
const MOST_SEARCHED = 2000;

interface Asked extends LogFilter {
  /** Id of the last entry of the page before. */
  before?: string | undefined;
  size: number;
}

/** The action that a word of an address names. */
export function toAction(word: string | undefined): Action | undefined {
  return actionNames.find((name) => name === word);
}

/**
 * A page of the action log, newest first. It searches 2,000 entries at most, so it may have fewer
 * entries than asked for, or none, and yet a `next`.
 * @throws {OnboardError} E_BATCH_UNKNOWN for a batch that neither the log nor the ledger has
 */
export async function readActivity(
  { ledger }: Pick<Readable, 'ledger'>,
  { size, ...asked }: Asked,
): Promise<{ entries: LoggedEntry[]; next: string | undefined }> {
  const page = await readLogPage(ledger, { ...asked, limit: size, search: MOST_SEARCHED });
  const { batch, action, name, before } = asked;
  const isWhole = [action, name, before, page.next, page.entries[0]].every(isAbsent);
  // The log outlives a batch, so a batch without an entry may be stored, or unknown.
  if (batch !== undefined && isWhole) await requireBatch(ledger, batch);
  return page;
}

function isAbsent(value: unknown): boolean {
  return value === undefined;
}
