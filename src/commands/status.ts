import { batchIds } from '../ledger/batches.ts';
import { readHold } from '../ledger/holds.ts';
import { reportOf } from '../ledger/report.ts';
import { exit, type Io, withContext } from './context.ts';
import { openStore } from './open.ts';
import { holdText, listText, reportText } from './render.ts';
import { readWaits } from './waits.ts';
import { isOver } from './watch.ts';

/** `onboard status [BATCH]`: one batch in numbers, or the list of all, newest first. */
export function status(
  io: Io,
  batch: string | undefined,
  flags: { json?: boolean },
): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const { ledger } = await openStore(context, 'guest');
    const hold = await readHold(ledger);
    const ids = batch === undefined ? await batchIds(ledger) : [batch];
    const now = Date.now();
    const reports = await Promise.all(ids.map((id) => reportOf(ledger, id, now)));
    const waits = await readWaits(ledger, now);
    if (flags.json) {
      const told = reports.map((report) => ({ ...report, waits: isOver(report) ? [] : waits }));
      io.stdout.write(`${JSON.stringify(batch === undefined ? told : told[0])}\n`);
      return exit.ok;
    }
    const [only] = reports;
    if (batch !== undefined && only !== undefined) io.stdout.write(reportText(only, hold));
    else if (only === undefined) io.stdout.write('no batches yet: onboard run people.csv\n');
    else io.stdout.write(listText(reports) + (hold === undefined ? '' : `${holdText(hold)}\n`));
    if (hold === undefined && !reports.every(isOver)) {
      io.stdout.write(waits.map((wait) => `waiting: ${wait.text}\n`).join(''));
    }
    return exit.ok;
  });
}
