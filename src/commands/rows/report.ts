import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { marksFor } from '../../ledger/rows/mark-text.ts';
import type { RowState } from '../../ledger/rows/row-state.ts';
import { openDownload } from '../../overview/download-rows.ts';
import type { RowFormat } from '../../overview/rows-text.ts';
import { printableLines } from '../../printable.ts';
import { exit, type Io } from '../io.ts';
import { nothingStored, withLedger } from '../open/ledger-store.ts';

interface ReportFlags {
  format: RowFormat;
  /** As `--format json`. */
  json?: boolean;
  failed?: boolean;
  rejected?: boolean;
  roleDiffers?: boolean;
  notInvitable?: boolean;
  unmailed?: boolean;
  state?: RowState[];
  limit?: number;
  offset?: number;
}

/**
 * `onboard report BATCH`: rows with their outcomes, in the order of the input; or, with `--failed`
 * and `--rejected`, people as a list to correct and submit again. A page that is not the last says
 * on standard error where the next one begins.
 */
export function report(io: Io, batch: string, given: ReportFlags): Promise<number> {
  const flags: ReportFlags = given.json ? { ...given, format: 'json' } : given;
  return withLedger(
    io,
    async (_, ledger) => {
      const next: { row?: number } = {};
      const text = await openDownload(ledger, batch, {
        format: flags.format,
        asList: isList(flags),
        selection: { from: flags.offset, states: statesOf(flags), marks: marksFor(flags) },
        limit: flags.limit,
        onMore: (row) => {
          next.row = row;
        },
      });
      const shown = io.stdout.isTTY ? safePieces(text) : text;
      await pipeline(Readable.from(shown), io.stdout, { end: false });
      if (next.row !== undefined) io.stderr.write(`more rows: --offset ${next.row}\n`);
      return exit.ok;
    },
    (context) => nothingStored(context, batch),
  );
}

function isList({ failed, rejected }: ReportFlags): boolean {
  return failed === true || rejected === true;
}

function statesOf(flags: ReportFlags): readonly RowState[] | undefined {
  if (!isList(flags)) return flags.state;
  return (['failed', 'rejected'] as const).filter((state) => flags[state]);
}

/** A cell of CSV is exact in a file; on a terminal it must not act. */
async function* safePieces(text: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of text) yield printableLines(piece.replaceAll('\r\n', '\n'));
}
