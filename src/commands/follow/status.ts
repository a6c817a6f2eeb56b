import type { Producer } from '../../batch/producer.ts';
import { counted } from '../../count.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import { countBatches, listBatches } from '../../ledger/batch/batches.ts';
import { requireBatch } from '../../ledger/batch/require-batch.ts';
import { type BatchList, incompleteOf, readBatchList } from '../../overview/batch-list.ts';
import { readOverview, withRejections } from '../../overview/overview.ts';
import { jsonText, printable } from '../../printable.ts';
import { type Context, placeText, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { type LedgerStore, openIfThere, openStored } from '../open/ledger-store.ts';
import { overviewFields, overviewText } from '../text/overview-text.ts';
import { listText } from '../text/report-text.ts';
import { holdText, waitFields, waitText } from '../text/stop-text.ts';
import { refusalLine } from './refusal-line.ts';
import {
  findingsText,
  mayNotRepair,
  type Repairs,
  repairBeforeStatus,
} from './repair-before-status.ts';

interface StatusFlags {
  json?: boolean;
  all?: boolean;
}

/** Batches that fit on a screen. */
const NEWEST = 50;

/**
 * `onboard status [BATCH]`: one batch with everything about it, or the list, newest first. A batch
 * that could not finish is repaired first, as a worker's keeper would do.
 */
export function status(io: Io, batch: string | undefined, flags: StatusFlags): Promise<number> {
  return withContext(io, {}, async (context) => {
    const store =
      batch === undefined ? await openIfThere(context) : await openStored(context, batch);
    if (store === undefined) noBatches(context, flags);
    else if (batch === undefined) await showList(context, store, flags);
    else await showOne(context, store, { batch, json: flags.json });
    return exit.ok;
  });
}

/** The list where nothing is stored. */
function noBatches({ io, config }: Context, { json }: StatusFlags): void {
  const place = `(${placeText(config)})\n`;
  io.stdout.write(json ? '[]\n' : NO_BATCHES + place);
  if (json) io.stderr.write(place);
}

const NO_BATCHES = 'no batches yet: onboard run people.csv\n';

type Repaired = Repairs['found'];

async function showOne(
  context: Context,
  opened: LedgerStore,
  { batch, json }: { batch: string; json: boolean | undefined },
): Promise<void> {
  await requireBatch(opened.ledger, batch);
  const { addQueues, producerOf } = await import('../open/store.ts');
  const store = await addQueues(context, opened);
  const openProducer = async () => producerOf(context, store);
  const repaired = await repairOrSay(context, store, { batches: [batch], openProducer });
  const seen = await readOverview(store, batch, Date.now());
  const overview = await withRejections(store.ledger, seen);
  const incomplete = await incompleteOf(store.ledger, [overview.report]);
  const fields = { ...overviewFields(overview), ...repairedFields(repaired, batch) };
  const remarks = remarksOf(batch, repaired, incomplete);
  const text = json ? `${jsonText(fields)}\n` : overviewText(overview, { remarks });
  context.io.stdout.write(text);
}

async function showList(context: Context, store: LedgerStore, flags: StatusFlags): Promise<void> {
  const { stdout, stderr } = context.io;
  const { ledger } = store;
  const { ids, foreign } = await listBatches(ledger, flags.all ? undefined : NEWEST);
  const openProducer = async () => {
    const { addQueues, producerOf } = await import('../open/store.ts');
    return producerOf(context, await addQueues(context, store));
  };
  const repaired = await repairOrSay(context, store, { batches: ids, openProducer });
  const now = Date.now();
  const list = await readBatchList(ledger, ids, now);
  stdout.write(flags.json ? listJson(list, repaired, now) : plainText(list, repaired, now));
  if (foreign > 0) {
    const entries = counted(foreign, 'entry', 'entries');
    stderr.write(`ignored ${entries} of the list in Redis: no batch has such an id\n`);
  }
  const isCut = !flags.all && ids.length + foreign === NEWEST;
  const older = isCut ? (await countBatches(ledger)) - NEWEST : 0;
  if (older > 0) {
    const batches = counted(older, 'older batch is', 'older batches are');
    stderr.write(`${batches} not listed: onboard status --all\n`);
  }
}

/** Repairs first; with a Redis user that only reads, the status is shown without. */
async function repairOrSay(
  { io }: Context,
  { ledger }: LedgerStore,
  { batches, openProducer }: { batches: readonly string[]; openProducer: () => Promise<Producer> },
): Promise<Repaired> {
  const refusal = await refusalLine(ledger, Date.now());
  if (refusal !== undefined) {
    io.stderr.write(refusal);
    return new Map();
  }
  const { found, isForbidden } = await repairBeforeStatus(ledger, batches, openProducer);
  if (isForbidden) io.stderr.write(mayNotRepair);
  return found;
}

/** `mended` appears only when something was repaired. */
function repairedFields(repaired: Repaired, batch: string): object {
  const mended = repaired.get(batch) ?? [];
  return mended.length === 0 ? {} : { mended };
}

function listJson(
  { reports, unreadable, waits }: BatchList,
  repaired: Repaired,
  now: number,
): string {
  const shown = waits.map((wait) => waitFields(wait, now));
  const all = reports.map((report) => ({
    ...report,
    waits: isOver(report) ? [] : shown,
    ...repairedFields(repaired, report.batchId),
  }));
  const broken = unreadable.map(({ batchId, error }) => {
    return { batchId, state: 'unreadable', code: error.code, error: error.message };
  });
  return `${jsonText([...all, ...broken])}\n`;
}

function plainText(list: BatchList, repaired: Repaired, now: number): string {
  const { reports, unreadable, hold, waits, incomplete } = list;
  if (reports.length + unreadable.length === 0) return NO_BATCHES;
  const parts = reports.length === 0 ? [] : [listText(reports)];
  for (const { error } of unreadable) {
    parts.push(`${printable(error.message)}\n`);
  }
  for (const { batchId } of reports) {
    const remarks = remarksOf(batchId, repaired, incomplete);
    if (remarks !== '') parts.push(`batch ${batchId}\n${remarks}`);
  }
  if (hold !== undefined) parts.push(`${holdText(hold)}\n`);
  else for (const wait of waits) parts.push(`waiting: ${waitText(wait, now)}\n`);
  return parts.join('');
}

function remarksOf(batch: string, repaired: Repaired, incomplete: readonly string[]): string {
  const remark = '  incomplete: submit the same files again\n';
  return findingsText(repaired.get(batch) ?? []) + (incomplete.includes(batch) ? remark : '');
}
