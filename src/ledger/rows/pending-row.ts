import type { Person } from '../../people/person.ts';
import { gathered } from '../gathered.ts';
import { type BatchGroups, batchGroupsOf } from '../groups/batch-groups.ts';
import type { Ledger } from '../ledger.ts';
import { admitRows, admittedFields } from '../lua/row-admission.ts';
import { runScript } from '../lua/script.ts';
import type { Admission, Asking } from '../stops/waits.ts';
import { decodeOutcome, personIn, type RowOutcome, type RowTexts } from './row-codec.ts';
import { type RowRef, readTexts } from './rows.ts';

/** A row that is to be worked. */
export interface PendingRow {
  state: 'pending';
  person: Person;
  outcome: RowOutcome;
  /** Fields of the batch's record. */
  portal: string;
  acceptedAt: number;
  acceptedOnPortal: number | undefined;
  cancelling: boolean;
  /** How the names of groups in the batch are read; undefined for a batch without any. */
  groups: BatchGroups | undefined;
}

export type RowToWork = PendingRow | { state: 'settled' } | { state: 'unreadable'; reason: string };

/** Reads one row for work; `settled` in this round or since. */
export async function readRow(ledger: Ledger, ref: RowRef): Promise<RowToWork> {
  const { keys, redis } = ledger;
  const [[round, ...fields], pending, texts] = await Promise.all([
    redis.hmget(keys.record(ref.batch), 'round', ...admittedFields),
    redis.getbit(keys.is(ref.batch, 'pending'), ref.row),
    readTexts(ledger, ref.batch, ref.row),
  ]);
  if (round !== String(ref.round) || pending === 0) return settled;
  return toWork(texts, recordOf(fields));
}

const settled = { state: 'settled' } as const;

/** A row whose job may ask the portal now. */
export interface AdmittedRow {
  row: RowToWork;
  /** Whether the ledger says that the row is about to be created, from before this POST. */
  isPosting: boolean;
  /** The time by Redis' clock, ms, at any time from now on. */
  redisNow: () => number;
}

interface AskingForRow {
  ref: RowRef;
  asking: Asking;
  portal: string;
  /** Time of the doubt, ms of our clock. */
  at: number;
}

/**
 * One trip before the request: whether it may be sent now, and the row. A row that is to be created on
 * `portal` gets its doubt here, so that a worker killed in between leaves it (architecture, rule 3).
 */
export const admitRow = gathered<AskingForRow, Admission & AdmittedRow>({
  groupOf: ({ ref: { batch, round }, asking: { queue }, portal }) =>
    `${round} ${batch} ${queue} ${portal}`,
  run: async (ledger, items) => {
    const [first] = items;
    if (first === undefined) return [];
    const { ref, asking, portal } = first;
    const { queue, probeMs, pollMs } = asking;
    const { keys } = ledger;
    const [now, fields, admitted] = await runScript(ledger, admitRows, {
      keys: {
        record: keys.record(ref.batch),
        pending: keys.is(ref.batch, 'pending'),
        rows: keys.rows(ref.batch),
        outcomes: keys.outcomes(ref.batch),
        wait: keys.waits + queue,
        outage: keys.outage,
      },
      args: { probeMs: Math.ceil(probeMs), pollMs, round: ref.round, portal },
      list: items.flatMap((item) => [item.asking.token, item.ref.row, item.at]),
    });
    const aheadMs = now - performance.now();
    const redisNow = () => Math.floor(aheadMs + performance.now());
    const record = recordOf(fields);
    return admitted.map(([waitMs, isProbe, isPosting, input, outcome]) => ({
      waitMs,
      isProbe: isProbe === 1,
      isPosting: isPosting === 1,
      redisNow,
      row: input === undefined ? settled : toWork({ input, outcome }, record),
    }));
  },
});

/** Facts about a row from the record of its batch. */
type BatchFacts = Omit<PendingRow, 'state' | 'person' | 'outcome'>;

function recordOf(fields: readonly (string | null | undefined)[]): BatchFacts {
  const [portal, acceptedAt, onPortal, cancelling, ...ofGroups] = fields;
  return {
    portal: portal ?? '',
    acceptedAt: Number(acceptedAt),
    acceptedOnPortal: onPortal ? Number(onPortal) : undefined,
    cancelling: typeof cancelling === 'string',
    groups: batchGroupsOf(ofGroups),
  };
}

function toWork(texts: RowTexts, facts: BatchFacts): RowToWork {
  const read = personIn(texts.input);
  if ('damaged' in read) {
    const reason = `The ledger's copy is damaged: ${read.damaged.join(', ')}.`;
    return { state: 'unreadable', reason };
  }
  const outcome = decodeOutcome(texts.outcome);
  return { state: 'pending', person: read.person, outcome, ...facts };
}
