import type { BatchState } from '../ledger/batch/batch-state.ts';
import {
  batchIdAt,
  batchIds,
  batchIdsAfter,
  countBatches,
  statesOfBatches,
} from '../ledger/batch/batches.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type BatchList, readBatchList } from './batch-list.ts';

/** States that a reader asks for, each with the states of the record that it can have. */
const filters = {
  /** The queues work on it. */
  moving: ['processing', 'inviting'],
  /** People were held back by `--limit`. */
  waiting: ['waiting'],
  /** Its invite waits at a gate. */
  'held-back': ['inviting'],
  finished: ['finished'],
  cancelled: ['cancelled'],
  intake: ['intake'],
} as const satisfies Record<string, readonly BatchState[]>;

export type BatchFilter = keyof typeof filters;
export const batchFilters = Object.keys(filters) as BatchFilter[];

/** Batches that a filter searches, the newest: 10,000 names and states take Redis 20 ms. */
const MOST_SEARCHED = 10_000;

/** Batches of a page. */
const PAGE = 50;

/** Names whose states are read together. */
const TOGETHER = 500;

interface Asked {
  state?: BatchFilter | undefined;
  /** Beginning of the name, in any case. */
  prefix?: string | undefined;
  /** Id of the last batch of the page before; the newest come first without it. */
  after?: string | undefined;
  size?: number | undefined;
  /** ms */
  now: number;
}

/** A page of batches, newest first. */
export interface BatchPage extends BatchList {
  /** `after` of the page with older batches; undefined on the last page. */
  next: string | undefined;
  /** `after` of the page with newer batches, empty for the first page; undefined on the first. */
  previous: string | undefined;
  /** Batches that the filter picks among the newest 10,000; without a filter all. */
  total: number;
  /** Older batches that the filter did not search. */
  unsearched: number;
}

/** Reads a page of batches; a batch that is gone since as `after` leads to the first page. */
export async function readBatchPage(ledger: Ledger, asked: Asked): Promise<BatchPage> {
  const { state, prefix = '', now } = asked;
  const { ids, ...page } =
    state === undefined && prefix === ''
      ? await anyIds(ledger, asked)
      : await pickedIds(ledger, asked);
  return { ...(await readBatchList(ledger, ids, now)), ...page };
}

async function anyIds(ledger: Ledger, { after, size = PAGE }: Asked) {
  const [{ first, ids }, total] = await Promise.all([
    batchIdsAfter(ledger, { after, most: size + 1 }),
    countBatches(ledger),
  ]);
  const page = { ...pageOf(ids, size), total, unsearched: 0 };
  if (first === 0) return { ...page, previous: undefined };
  return { ...page, previous: first <= size ? '' : await batchIdAt(ledger, first - size - 1) };
}

async function pickedIds(ledger: Ledger, asked: Asked) {
  const { after, size = PAGE } = asked;
  const [ids, all] = await Promise.all([search(ledger, asked), countBatches(ledger)]);
  const unsearched = Math.max(0, all - MOST_SEARCHED);
  const first = after ? ids.indexOf(after) + 1 : 0;
  const previous = first === 0 ? undefined : (ids[first - size - 1] ?? '');
  return { ...pageOf(ids.slice(first), size), previous, total: ids.length, unsearched };
}

function pageOf(ids: readonly string[], size: number) {
  const shown = ids.slice(0, size);
  return { ids: shown, next: ids.length > size ? shown.at(-1) : undefined };
}

async function search(ledger: Ledger, { state, prefix = '', now }: Asked): Promise<string[]> {
  const start = prefix.toLowerCase();
  const all = await batchIds(ledger, MOST_SEARCHED);
  const named = all.filter((id) => id.toLowerCase().startsWith(start));
  if (state === undefined) return named;
  const found: string[] = [];
  for (let first = 0; first < named.length; first += TOGETHER) {
    const some = named.slice(first, first + TOGETHER);
    found.push(...(await inState(ledger, some, { state, now })));
  }
  return found;
}

/** Whether an invite waits at a gate is known from the numbers of its batch alone. */
async function inState(
  ledger: Ledger,
  ids: readonly string[],
  { state, now }: { state: BatchFilter; now: number },
): Promise<string[]> {
  const states = await statesOfBatches(ledger, ids);
  const wanted: readonly (BatchState | undefined)[] = filters[state];
  const found = ids.filter((_, index) => wanted.includes(states[index]));
  const inviting = ids.filter((_, index) => states[index] === 'inviting');
  if (!wanted.includes('inviting') || inviting.length === 0) return found;
  const { reports } = await readBatchList(ledger, inviting, now);
  const gated = new Set(reports.flatMap(({ batchId, gate }) => (gate === null ? [] : batchId)));
  return found.filter((id) => gated.has(id) === (state === 'held-back'));
}
