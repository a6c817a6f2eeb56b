/**
 * Ids are pure functions of batch, round and row, so that adding a job again finds the existing
 * one. BullMQ refuses ids of digits only and ids with a colon; a batch id is neither.
 */
export function parentId(batch: string, round: number): string {
  return `${batch}.${round}`;
}

export function sealId(batch: string, round: number): string {
  return `${parentId(batch, round)}.seal`;
}

/** The job that ends a cancelled round without its children. */
export function endId(batch: string, round: number): string {
  return `${parentId(batch, round)}.end`;
}

export function childId(ref: { batch: string; round: number; row: number }): string {
  return `${parentId(ref.batch, ref.round)}.${ref.row}`;
}
