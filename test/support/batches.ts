import { randomUUID } from 'node:crypto';
import type { Producer } from '../../src/batch/producer.ts';
import { type Submission, submit } from '../../src/batch/submit-batch.ts';
import { type Report, reportOf } from '../../src/ledger/batch/numbers.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { type ReportRow, reportRows } from '../../src/ledger/rows/stored-rows.ts';
import { createLogger } from '../../src/process/logger.ts';
import type { Queues } from '../../src/queue/queues.ts';
import type { Timings } from '../../src/timings.ts';
import { waitFor } from './wait-for.ts';

export const silent = createLogger({ level: 'silent' });

/** Actions of tests on batches, without a command. */
export interface Batches {
  producer(change?: Partial<Producer>): Producer;
  submission(rows: readonly NewRow[], change?: Partial<Submission>): Submission;
  /** Submits and returns the batch's id. */
  submit(rows: readonly NewRow[], change?: Partial<Submission>): Promise<string>;
  report(batch: string): Promise<Report>;
  rows(batch: string): Promise<ReportRow[]>;
  /** Polls the ledger until the batch has this state, or its report fulfils the condition. */
  until(batch: string, is: Report['state'] | ((report: Report) => boolean)): Promise<Report>;
  untilFinished(batch: string): Promise<Report>;
}

export interface BatchParts {
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly portalOrigin: string;
  readonly timings: Timings;
}

export function batchesOn(parts: BatchParts): Batches {
  const producer = (change: Partial<Producer> = {}): Producer => {
    const { ledger, queues, timings } = parts;
    const signal = new AbortController().signal;
    const own = { ledger, queues, timings, logger: silent, attempts: 4, token: randomUUID() };
    return { ...own, signal, ...change };
  };
  const submission = (rows: readonly NewRow[], change: Partial<Submission> = {}): Submission => ({
    id: `b${randomUUID().slice(0, 8)}`,
    digest: 'd',
    portal: parts.portalOrigin,
    inviteType: 'All',
    rows: () => asyncRows(rows),
    ...change,
  });
  const report = (batch: string) => reportOf(parts.ledger, batch, Date.now());
  const until: Batches['until'] = (batch, is) => {
    const isMet = typeof is === 'string' ? (one: Report) => one.state === is : is;
    const what = `batch ${batch} to be ${is}`;
    const look = async () => {
      const one = await report(batch);
      return isMet(one) ? one : undefined;
    };
    return waitFor(look, { what });
  };
  return {
    producer,
    submission,
    submit: async (rows, change) => {
      const { batch } = await submit(producer(), submission(rows, change));
      return batch.id;
    },
    report,
    rows: async (batch) => {
      const rows: ReportRow[] = [];
      for await (const row of reportRows(parts.ledger, batch)) rows.push(row);
      return rows;
    },
    until,
    untilFinished: (batch) => until(batch, 'finished'),
  };
}

async function* asyncRows(rows: readonly NewRow[]): AsyncGenerator<NewRow> {
  yield* rows;
}
