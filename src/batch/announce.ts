import { OnboardError } from '../errors.ts';
import { readHold } from '../ledger/holds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { keepNotice, noteHeld, noteQueued, parseNotice, untoldNotices } from '../ledger/notices.ts';
import { reportOf } from '../ledger/report.ts';
import { addNotice } from '../queue/notices.ts';
import type { Queues } from '../queue/queues.ts';
import { noticeBody } from './notice-body.ts';

interface Parts {
  ledger: Ledger;
  queues: Queues;
}

/**
 * Queues every notice that the ledger has and the queue has not: the ends of batches, which the ledger
 * notes in the step that ends them, and the hold in force, for each unfinished batch that has an
 * address. A notice is let go of only when its job is there, so a crash anywhere sends it twice at
 * worst, under the same id.
 */
export async function announce(parts: Parts): Promise<void> {
  const hold = await readHold(parts.ledger);
  if (hold !== undefined) await noteHeld(parts.ledger, hold);
  const ids = await untoldNotices(parts.ledger);
  const ends = await Promise.allSettled(ids.map((id) => queueNotice(parts, id)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * The same for whoever has something else to do: never rejects, because a notice must not touch its
 * batch. What fails here is done, and its failure logged, by the next look of a keeper.
 */
export async function announceSoon(parts: Parts): Promise<void> {
  await announce(parts).catch(() => undefined);
}

async function queueNotice(parts: Parts, id: string): Promise<void> {
  const { ledger, queues } = parts;
  const batch = parseNotice(id)?.batch ?? '';
  const body = await bodyOf(ledger, id);
  if (body !== undefined) {
    await keepNotice(ledger, { batch, id, body });
    await addNotice(queues, { batch, notice: id });
  }
  await noteQueued(ledger, id);
}

/** Undefined when there is nothing to tell any more: the batch is purged, or the hold lifted. */
async function bodyOf(ledger: Ledger, id: string): Promise<string | undefined> {
  const notice = parseNotice(id);
  if (notice === undefined) return undefined;
  const hold = notice.event === 'held' ? await readHold(ledger) : undefined;
  if (notice.event === 'held' && hold?.since !== notice.at) return undefined;
  try {
    return noticeBody({ notice, hold, report: await reportOf(ledger, notice.batch, notice.at) });
  } catch (error) {
    if (error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN') return undefined;
    throw error;
  }
}
