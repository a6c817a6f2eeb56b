import type { PlanRecord } from './plan-record.ts';
import type { UploadSpool } from './upload-spool.ts';

interface Sweep {
  /** ms since the epoch */
  now: number;
  isStored(batch: string): Promise<boolean>;
  isStart?: boolean;
}

/**
 * Removes uploads whose time is over, and those of submitted batches that are no longer stored.
 * `isStart`: also those without a record, which a killed console was receiving; the plans of such a
 * console stay.
 */
export async function sweepUploads(spool: UploadSpool, sweep: Sweep): Promise<void> {
  for (const key of await spool.keys()) {
    if (await isOver(await spool.find(key), sweep)) await spool.remove(key);
  }
}

async function isOver(
  record: PlanRecord | undefined,
  { now, isStored, isStart = false }: Sweep,
): Promise<boolean> {
  if (record === undefined) return isStart;
  if (record.expiresAt <= now) return true;
  const batch = record.state === 'submitted' ? record.summary?.batch.id : undefined;
  return batch !== undefined && !(await isStored(batch));
}
