import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBatch } from '../ledger/batches.ts';
import { reportRows } from '../ledger/report.ts';
import { exit, type Io, withContext } from './context.ts';
import { openStore } from './open.ts';
import { type RowFormat, rowsText } from './render.ts';

/** `onboard report BATCH`: every row with its outcome, in the order of the input. */
export function report(io: Io, batch: string, flags: { format: RowFormat }): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const { ledger } = await openStore(context, 'guest');
    await readBatch(ledger, batch);
    const text = rowsText(reportRows(ledger, batch), flags.format);
    await pipeline(Readable.from(text), io.stdout, { end: false });
    return exit.ok;
  });
}
