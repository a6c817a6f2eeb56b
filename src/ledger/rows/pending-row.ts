import type { Person } from '../../people/person.ts';
import { type BatchGroups, batchGroupsOf } from '../groups/batch-groups.ts';
import type { Ledger } from '../ledger.ts';
import { admitRow as admitScript, admittedFields } from '../lua/row-admission.ts';
import { runScript } from '../lua/script.ts';
import type { Admission, Asking } from '../stops/waits.ts';
import {
  decodeInput,
  decodeOutcome,
  personOf,
  type RowOutcome,
  type RowTexts,
} from './row-codec.ts';
import { bucketOf } from './row-state.ts';
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
  return toWork(texts, fields);
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

/**
 * One trip before the request: whether it may be sent now, and the row. A row that is to be created on
 * `portal` gets its doubt here, so that a worker killed in between leaves it (architecture, rule 3).
 * `at` is ms of our clock.
 */
export async function admitRow(
  ledger: Ledger,
  { batch, round, row }: RowRef,
  { queue, probeMs, portal, at, ...asking }: Asking & { portal: string; at: number },
): Promise<Admission & AdmittedRow> {
  const { keys } = ledger;
  const bucket = bucketOf(row);
  const [waitMs, isProbe, now, isPosting, input, outcome, fields] = await runScript(
    ledger,
    admitScript,
    {
      keys: {
        record: keys.record(batch),
        pending: keys.is(batch, 'pending'),
        rows: keys.rows(batch) + bucket,
        outcomes: keys.outcomes(batch) + bucket,
        wait: keys.waits + queue,
        outage: keys.outage,
      },
      args: { ...asking, probeMs: Math.ceil(probeMs), round, row, portal, at },
    },
  );
  const aheadMs = now - performance.now();
  return {
    waitMs,
    isProbe: isProbe === 1,
    isPosting: isPosting === 1,
    redisNow: () => Math.floor(aheadMs + performance.now()),
    row: fields === undefined ? settled : toWork({ input, outcome }, fields),
  };
}

function toWork(texts: RowTexts, fields: readonly (string | null | undefined)[]): RowToWork {
  const [portal, acceptedAt, onPortal, cancelling, ...ofGroups] = fields;
  const read = personOf(decodeInput(texts.input));
  if ('damaged' in read) {
    const reason = `The ledger's copy is damaged: ${read.damaged.join(', ')}.`;
    return { state: 'unreadable', reason };
  }
  return {
    state: 'pending',
    person: read.person,
    outcome: decodeOutcome(texts.outcome),
    portal: portal ?? '',
    acceptedAt: Number(acceptedAt),
    acceptedOnPortal: onPortal ? Number(onPortal) : undefined,
    cancelling: typeof cancelling === 'string',
    groups: batchGroupsOf(ofGroups),
  };
}
