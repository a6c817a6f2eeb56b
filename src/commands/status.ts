import type { Finding } from '../batch/mend.ts';
import { batchIds } from '../ledger/batches.ts';
import { type Hold, readHold } from '../ledger/holds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isLocked } from '../ledger/lock.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { exit, type Io, withContext } from './context.ts';
import { findingsText, mendForStatus } from './findings.ts';
import { openStore, producerOf } from './open.ts';
import { holdText, listText, reportText } from './render.ts';
import { readWaits, type Wait } from './waits.ts';
import { isOver } from './watch.ts';

interface Shown {
  reports: Report[];
  hold: Hold | undefined;
  mended: Map<string, Finding[]>;
  /** What the queues wait for by themselves. */
  waits: Wait[];
  /** Batches whose producer stopped before it had read all of its input. */
  incomplete: string[];
}

/**
 * `onboard status [BATCH]`: one batch in numbers, or the list of all, newest first. A batch that
 * could not come to its end is mended before, as a worker's keeper would.
 */
export function status(
  io: Io,
  batch: string | undefined,
  flags: { json?: boolean },
): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const store = await openStore(context, 'guest');
    const { ledger } = store;
    const ids = batch === undefined ? await batchIds(ledger) : [batch];
    const hold = await readHold(ledger);
    // Under a hold the queues stand still, and nothing is wrong with that.
    const toMend = hold === undefined ? ids : [];
    const mended = await mendForStatus(producerOf(context, store), toMend);
    const now = Date.now();
    const reports = await Promise.all(ids.map((id) => reportOf(ledger, id, now)));
    const incomplete = await incompleteOf(ledger, reports);
    const shown = { reports, hold, mended, incomplete, waits: await readWaits(ledger, now) };
    if (flags.json) io.stdout.write(jsonText(shown, batch === undefined));
    else io.stdout.write(batch === undefined ? allText(shown) : oneText(shown));
    return exit.ok;
  });
}

async function incompleteOf(ledger: Ledger, reports: readonly Report[]): Promise<string[]> {
  const inIntake = reports.filter((report) => report.state === 'intake');
  const locked = await Promise.all(inIntake.map((report) => isLocked(ledger, report.batchId)));
  return inIntake.filter((_, index) => !locked[index]).map((report) => report.batchId);
}

/** `mended` stands there only when something was. */
function jsonText({ reports, mended, waits }: Shown, isList: boolean): string {
  const all = reports.map((report) => {
    const found = mended.get(report.batchId) ?? [];
    const told = { ...report, waits: isOver(report) ? [] : waits };
    return found.length === 0 ? told : { ...told, mended: found };
  });
  return `${JSON.stringify(isList ? all : all[0])}\n`;
}

function allText(shown: Shown): string {
  const { reports, hold, mended, incomplete } = shown;
  if (reports.length === 0) return 'no batches yet: onboard run people.csv\n';
  const remarks = reports.map(({ batchId }) => {
    const text = remarksOf(batchId, { mended, incomplete });
    return text === '' ? '' : `batch ${batchId}\n${text}`;
  });
  const held = hold === undefined ? waitsText(shown) : `${holdText(hold)}\n`;
  return listText(reports) + remarks.join('') + held;
}

function waitsText({ reports, hold, waits }: Shown): string {
  if (hold !== undefined || reports.every(isOver)) return '';
  return waits.map((wait) => `waiting: ${wait.text}\n`).join('');
}

function oneText(shown: Shown): string {
  const { reports, hold, mended, incomplete } = shown;
  const texts = reports.map((report) => {
    return reportText(report, hold) + remarksOf(report.batchId, { mended, incomplete });
  });
  return texts.join('') + waitsText(shown);
}

function remarksOf(batch: string, known: Pick<Shown, 'mended' | 'incomplete'>): string {
  const isIncomplete = known.incomplete.includes(batch);
  const incomplete = isIncomplete ? '  incomplete: submit the same files again\n' : '';
  return findingsText(known.mended.get(batch) ?? []) + incomplete;
}
