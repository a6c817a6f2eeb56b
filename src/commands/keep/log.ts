import { listActions } from '../../actions/list-actions.ts';
import { counted } from '../../count.ts';
import type { LogEntry } from '../../ledger/notes/action-log.ts';
import { jsonText } from '../../printable.ts';
import { actorText } from '../../process/actor.ts';
import { zonedTime } from '../../zoned-time.ts';
import { placeText } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { nothingStored, withLedger } from '../open/ledger-store.ts';
import { type Column, tableText } from '../text/text-table.ts';

interface LogFlags {
  limit: number;
  json?: boolean;
}

/** `onboard log [BATCH]`: who did what, newest first; also for batches that were purged. */
export function logCommand(io: Io, batch: string | undefined, flags: LogFlags): Promise<number> {
  return withLedger(
    io,
    async (_, ledger) => {
      let foreign = 0;
      const onForeign = (count: number) => {
        foreign += count;
      };
      const entries = await listActions(ledger, { batch, limit: flags.limit, onForeign });
      io.stdout.write(flags.json ? `${jsonText(entries)}\n` : logText(entries));
      if (foreign > 0) {
        const many = counted(foreign, 'entry', 'entries');
        io.stderr.write(`ignored ${many} of the log in Redis: this program did not write them\n`);
      }
      return exit.ok;
    },
    ({ io: { stdout, stderr }, config }) => {
      if (batch !== undefined) return nothingStored({ config }, batch);
      const place = `(${placeText(config)})\n`;
      stdout.write(flags.json ? '[]\n' : logText([]) + place);
      if (flags.json) stderr.write(place);
      return exit.ok;
    },
  );
}

const COLUMNS: readonly Column<LogEntry>[] = [
  ['TIME', ({ at }) => zonedTime(at)],
  ['ACTION', ({ action }) => action],
  ['BATCH', ({ batch }) => batch ?? '-'],
  ['END', ({ outcome, code }) => code ?? (outcome === 'begun' ? 'no end known' : outcome)],
  ['WHO', ({ by }) => `${actorText(by)}, pid ${by.pid}`],
  ['DETAILS', ({ details }) => detailsText(details)],
];

function logText(entries: readonly LogEntry[]): string {
  return entries.length === 0 ? 'no actions yet\n' : tableText(COLUMNS, entries);
}

function detailsText(details: LogEntry['details']): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
