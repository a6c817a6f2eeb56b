import type { UploadSpool } from './upload-spool.ts';

/**
 * Removes uploads whose time is over. `isStart`: also those without a record, which a killed console
 * was receiving; the plans of such a console stay.
 */
export async function sweepUploads(
  spool: UploadSpool,
  { now, isStart = false }: { now: number; isStart?: boolean },
): Promise<void> {
  for (const key of await spool.keys()) {
    const record = await spool.find(key);
    const isOver = record === undefined ? isStart : record.expiresAt <= now;
    if (isOver) await spool.remove(key);
  }
}
