/** One round of a batch, as a flow: a parent, its seal and its create-user children. */
export interface Round {
  batch: string;
  round: number;
}

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

export function childId({ batch, round, row }: Round & { row: number }): string {
  return `${parentId(batch, round)}.${row}`;
}
