/**
 * Ids are pure functions of batch, round and row, so that adding a job again finds the one that is
 * there. BullMQ refuses ids of digits only and ids with a colon; batch ids hold neither.
 */
export function parentId(batch: string, round: number): string {
  return `${batch}.${round}`;
}

export function sealId(batch: string, round: number): string {
  return `${parentId(batch, round)}.seal`;
}

/** Of the job that ends a cancelled round without its children. */
export function endId(batch: string, round: number): string {
  return `${parentId(batch, round)}.end`;
}

export function childId(ref: { batch: string; round: number; row: number }): string {
  return `${parentId(ref.batch, ref.round)}.${ref.row}`;
}

/** What a batch id may be: it becomes part of Redis keys, job ids and file names. */
export const BATCH_ID = /^[a-zA-Z][\w-]{0,63}$/;
