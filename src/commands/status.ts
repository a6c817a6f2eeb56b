import type { Finding } from '../batch/mend.ts';
import { batchIds, countBatches } from '../ledger/batches.ts';
import { type Hold, readHold } from '../ledger/holds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isLocked } from '../ledger/lock.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { type Context, withContext } from './context.ts';
import { findingsText, mendBeforeStatus } from './findings.ts';
import { exit, type Io } from './io.ts';
import { checkBatch } from './known-batch.ts';
import { type LedgerStore, openLedgerStore } from './open-ledger.ts';
import { overviewFields, readOverview } from './overview.ts';
import { holdText, listText } from './render.ts';
import { overviewText } from './render-overview.ts';
import { readWaits, type Wait } from './waits.ts';
import { isOver } from './watch.ts';

export interface StatusFlags {
  json?: boolean;
  all?: boolean;
}

/** So many batches fit on a screen; each costs about fifteen commands. */
const NEWEST = 50;

/**
 * `onboard status [BATCH]`: one batch with all that is known of it, or the list, newest first. A
 * batch that could not come to its end is mended before, as a worker's keeper would.
 */
export function status(io: Io, batch: string | undefined, flags: StatusFlags): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const store = await openLedgerStore(context, 'guest');
    if (batch === undefined) await showList(context, store, flags);
    else await showOne(context, store, { batch, json: flags.json === true });
    return exit.ok;
  });
}

async function showOne(
  context: Context,
  store: LedgerStore,
  { batch, json }: { batch: string; json: boolean },
): Promise<void> {
  await checkBatch(store.ledger, batch);
  const mended = (await mendIfMoving(context, store, [batch])).get(batch) ?? [];
  const overview = await readOverview(store, batch, Date.now());
  const incomplete = await incompleteOf(store.ledger, [overview.report]);
  const fields = overviewFields(overview);
  const remarks = remarksOf(batch, { mended: new Map([[batch, mended]]), incomplete });
  const text = json
    ? `${JSON.stringify(mended.length === 0 ? fields : { ...fields, mended })}\n`
    : overviewText(overview, { remarks });
  context.io.stdout.write(text);
}

/** Under a hold the queues stand still, and nothing is wrong with that. */
async function mendIfMoving(
  context: Context,
  store: LedgerStore,
  batches: readonly string[],
): Promise<Map<string, Finding[]>> {
  if ((await readHold(store.ledger)) !== undefined) return new Map();
  return mendBeforeStatus(context, store, batches);
}

interface Listed {
  reports: Report[];
  hold: Hold | undefined;
  mended: Map<string, Finding[]>;
  /** What the queues wait for by themselves. */
  waits: Wait[];
  /** Batches whose producer stopped before it had read all of its input. */
  incomplete: string[];
}

async function showList(context: Context, store: LedgerStore, flags: StatusFlags): Promise<void> {
  const { io } = context;
  const { ledger } = store;
  const ids = await batchIds(ledger, flags.all ? undefined : NEWEST);
  const mended = await mendIfMoving(context, store, ids);
  const now = Date.now();
  const reports = await Promise.all(ids.map((id) => reportOf(ledger, id, now)));
  const incomplete = await incompleteOf(ledger, reports);
  const [hold, waits] = await Promise.all([readHold(ledger), readWaits(ledger, now)]);
  const listed = { reports, hold, mended, waits, incomplete };
  io.stdout.write(flags.json ? jsonText(listed) : tableText(listed));
  const older = (await countBatches(ledger)) - ids.length;
  if (older > 0) io.stderr.write(`${older} older batches are not listed: onboard status --all\n`);
}

async function incompleteOf(ledger: Ledger, reports: readonly Report[]): Promise<string[]> {
  const inIntake = reports.filter((report) => report.state === 'intake');
  const locked = await Promise.all(inIntake.map((report) => isLocked(ledger, report.batchId)));
  return inIntake.filter((_, index) => !locked[index]).map((report) => report.batchId);
}

/** `mended` stands there only when something was. */
function jsonText({ reports, mended, waits }: Listed): string {
  const all = reports.map((report) => {
    const found = mended.get(report.batchId) ?? [];
    const told = { ...report, waits: isOver(report) ? [] : waits };
    return found.length === 0 ? told : { ...told, mended: found };
  });
  return `${JSON.stringify(all)}\n`;
}

function tableText(listed: Listed): string {
  const { reports, hold } = listed;
  if (reports.length === 0) return 'no batches yet: onboard run people.csv\n';
  const remarks = reports.map(({ batchId }) => {
    const text = remarksOf(batchId, listed);
    return text === '' ? '' : `batch ${batchId}\n${text}`;
  });
  const held = hold === undefined ? waitsText(listed) : `${holdText(hold)}\n`;
  return listText(reports) + remarks.join('') + held;
}

function waitsText({ reports, waits }: Listed): string {
  if (reports.every(isOver)) return '';
  return waits.map((wait) => `waiting: ${wait.text}\n`).join('');
}

function remarksOf(batch: string, known: Pick<Listed, 'mended' | 'incomplete'>): string {
  const isIncomplete = known.incomplete.includes(batch);
  const incomplete = isIncomplete ? '  incomplete: submit the same files again\n' : '';
  return findingsText(known.mended.get(batch) ?? []) + incomplete;
}
