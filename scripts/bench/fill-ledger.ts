import type { Redis } from 'ioredis';
import { beginInviting, closeIntake, finish, openBatch } from '../../src/ledger/batch/batches.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { encodeRow, type NewRow, recordRows } from '../../src/ledger/rows/record-rows.ts';
import { type RowRef, settleRow } from '../../src/ledger/rows/rows.ts';
import { usedMemory } from './processes.ts';

const SLICE = 1000;
const PORTAL = 'https://portal.example.com';

/** Memory of a filled ledger in Redis, in bytes a row. */
export interface Filled {
  afterIntake: number;
  settled: number;
  /** Share of the index from e-mails to rows. */
  emails: number;
}

interface Size {
  batch: string;
  rows: number;
}

/**
 * Makes a batch of `rows` people with the product's own functions, like a producer and workers without
 * the queue: records them, then settles them, one in a hundred as failed, one in fifty as existing.
 */
export async function fillLedger(
  redis: Redis,
  about: { prefix: string; batch: string; rows: number },
): Promise<Filled> {
  const { prefix, batch, rows } = about;
  const ledger = openLedger(redis, prefix);
  const before = await usedMemory(redis);
  const bytes = async () => ((await usedMemory(redis)) - before) / rows;
  await recordAll(ledger, about);
  await closeIntake(ledger, batch);
  const afterIntake = await bytes();
  await settleAll(ledger, { ...about, round: 1 });
  return { afterIntake, settled: await bytes(), emails: (await emailBytes(ledger, batch)) / rows };
}

/** Opens a batch and records its rows; its intake stays open. */
export async function recordAll(ledger: Ledger, { batch, rows }: Size): Promise<void> {
  await openBatch(ledger, { id: batch, digest: 'bench', portal: PORTAL, inviteType: 'All' });
  for (let first = 0; first < rows; first += SLICE) {
    const slice = rowNumbers(first, rows).map((row) => newRow(batch, row));
    await recordRows(ledger, { batch, first, rows: slice.map(encodeRow) });
  }
}

/** Row numbers of the slice that begins at `first`, out of `rows`. */
function rowNumbers(first: number, rows: number): number[] {
  return Array.from({ length: Math.min(SLICE, rows - first) }, (_, index) => first + index);
}

function newRow(batch: string, row: number): NewRow {
  const at = { file: 'people.csv', line: row + 2 };
  const email = addressOf(batch, row);
  const person = { email, firstName: 'Anna', lastName: 'Example', type: 'User' as const };
  return { kind: 'person', at, person };
}

export function addressOf(batch: string, row: number): string {
  return `person.${row}@${batch}.example.com`;
}

/** Settles every row of a round, and ends the batch. */
export async function settleAll(
  ledger: Ledger,
  { batch, rows, round }: Size & { round: number },
): Promise<void> {
  for (let first = 0; first < rows; first += SLICE) {
    const slice = rowNumbers(first, rows).map((row) => ({ batch, round, row }));
    await Promise.all(slice.map((ref) => settle(ledger, ref)));
  }
  await beginInviting(ledger, batch);
  await finish(ledger, batch);
}

function settle(ledger: Ledger, ref: RowRef): Promise<boolean> {
  const { row } = ref;
  if (row % 100 === 99) {
    const outcome = { code: 'bad-request', reason: 'The portal refused the name.', attempts: 1 };
    return settleRow(ledger, ref, { state: 'failed', outcome });
  }
  const portalId = `00000000-0000-4000-8000-${String(row).padStart(12, '0')}`;
  const state = row % 50 === 0 ? 'existing' : 'created';
  return settleRow(ledger, ref, { state, outcome: { portalId, attempts: 1 } });
}

async function emailBytes({ redis, keys }: Ledger, batch: string): Promise<number> {
  let bytes = 0;
  for await (const names of redis.scanStream({ match: `${keys.emails(batch)}*`, count: 1000 })) {
    for (const name of names) bytes += Number(await redis.memory('USAGE', name));
  }
  return bytes;
}
