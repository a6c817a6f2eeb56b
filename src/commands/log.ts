import { actorText } from '../actor.ts';
import { OnboardError } from '../errors.ts';
import { readBatch } from '../ledger/batches.ts';
import { type LogEntry, readLog } from '../ledger/log.ts';
import { withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { openStore } from './open.ts';

export interface LogFlags {
  limit: string;
  json?: boolean;
}

/**
 * `onboard log [BATCH]`: who did what, newest first. It also knows batches that are purged.
 */
export function logCommand(io: Io, batch: string | undefined, flags: LogFlags): Promise<number> {
  const limit = limitOf(flags.limit);
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const { ledger } = await openStore(context, 'guest');
    const entries = await readLog(ledger, { batch, limit });
    if (batch !== undefined && entries.length === 0) await readBatch(ledger, batch);
    io.stdout.write(flags.json ? `${JSON.stringify(entries)}\n` : logText(entries));
    return exit.ok;
  });
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new OnboardError('E_USAGE', `--limit ${text}: give a whole number from 1 to 99999`);
}

const COLUMNS: readonly [title: string, cell: (entry: LogEntry) => string][] = [
  ['TIME', ({ at }) => `${at.slice(0, 19).replace('T', ' ')}Z`],
  ['ACTION', ({ action }) => action],
  ['BATCH', ({ batch }) => batch ?? '-'],
  ['END', ({ outcome, code }) => code ?? (outcome === 'begun' ? 'no end known' : outcome)],
  ['WHO', ({ by }) => `${actorText(by)}, pid ${by.pid}`],
  ['DETAILS', ({ details }) => detailsText(details)],
];

/** The entries as a table with aligned columns. */
function logText(entries: readonly LogEntry[]): string {
  if (entries.length === 0) return 'nothing was done yet\n';
  const rows = [COLUMNS.map(([title]) => title)];
  for (const entry of entries) rows.push(COLUMNS.map(([, cell]) => cell(entry)));
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return `${rows.map((row) => line(row).join('  ').trimEnd()).join('\n')}\n`;
}

function detailsText(details: LogEntry['details']): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
