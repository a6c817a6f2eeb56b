import {
  purgeable,
  purgeBatch,
  purgeBatches,
  refuseUnpurgeable,
} from '../../actions/purge-batches.ts';
import type { Removal, Removed } from '../../batch/remove-batch.ts';
import { counted } from '../../count.ts';
import { OnboardError } from '../../errors.ts';
import { jsonText, line } from '../../printable.ts';
import { confirm } from '../change/confirm.ts';
import { exit, type Io } from '../io.ts';
import { actingOf, withStore, withStored } from '../open/store.ts';

interface PurgeFlags {
  /** ms */
  olderThan?: number;
  people?: boolean;
  yes?: boolean;
  json?: boolean;
}

/**
 * `onboard purge BATCH` or `--older-than TIME`: removes batches that are over, or only their names
 * and e-mails, after saying what that means.
 */
export async function purgeCommand(
  io: Io,
  batch: string | undefined,
  flags: PurgeFlags,
): Promise<number> {
  const { olderThan = 0, people, yes, json } = flags;
  if ((batch === undefined) === (flags.olderThan === undefined)) {
    throw new OnboardError('E_USAGE', 'name either a batch or --older-than, as 30d');
  }
  const what: Removal = people ? 'people' : 'batch';
  const open = (body: Parameters<typeof withStore>[1]) =>
    batch === undefined ? withStore(io, body) : withStored(io, batch, body);
  return open(async (context, store) => {
    const acting = actingOf(context, store);
    if (batch !== undefined) await refuseUnpurgeable(acting, batch);
    const before = Date.now() - olderThan;
    const ids = batch === undefined ? await purgeable(acting, { what, before }) : [batch];
    if (ids.length > 0) await confirm(io, questionOf(ids, what), yes);
    const { removed, skipped } =
      batch === undefined
        ? await purgeBatches(acting, ids, what)
        : { removed: [await purgeBatch(acting, batch, { what })], skipped: [] };
    io.stdout.write(json ? `${jsonText({ removed, skipped })}\n` : removedText(removed));
    for (const { code, reason } of skipped) {
      io.stderr.write(`${line`skipped: ${code}: ${reason}`}\n`);
    }
    return skipped.length > 0 ? exit.someFailed : exit.ok;
  });
}

/** Batches that a question names, at most. */
const NAMED = 10;

function questionOf(ids: readonly string[], what: Removal): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  const batches = ids.length === 1 ? 'batch' : `${ids.length} batches`;
  const named = `${batches} ${ids.slice(0, NAMED).join(', ')}${more}`;
  return what === 'batch'
    ? `Remove ${named} permanently? The report goes with it; accounts on the portal stay.`
    : `Remove names and e-mails of ${named} permanently? The numbers stay; nobody can be retried or invited late.`;
}

function removedText(removed: readonly Removed[]): string {
  if (removed.length === 0) return 'nothing to purge\n';
  const lines = removed.map(({ batchId, what, rows, jobs }) => {
    const done = what === 'batch' ? 'purged' : 'names and e-mails removed from';
    const sum = `${counted(rows, 'row', 'rows')}, ${counted(jobs, 'failed job', 'failed jobs')}`;
    return `${done} ${batchId}: ${sum}\n`;
  });
  return lines.join('');
}
