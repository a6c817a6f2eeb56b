/** Where a batch can be, from its first row to its end. */
export const batchStates = [
  'intake',
  'processing',
  'inviting',
  'waiting',
  'finished',
  'cancelled',
] as const;
export type BatchState = (typeof batchStates)[number];

/** States that only a new round can end. */
export type OverState = Extract<BatchState, 'finished' | 'cancelled'>;

/** Whether the batch is finished or cancelled. */
export function isOver<T extends { state: string | null | undefined }>(
  batch: T,
): batch is T & { state: OverState } {
  return batch.state === 'finished' || batch.state === 'cancelled';
}

/** Whether the queues have work for the batch. */
export function isMoving({ state }: { state: string | null | undefined }): boolean {
  return state === 'processing' || state === 'inviting';
}

/** Whether nothing moves for now: the batch is over, or waits for a person or a time. */
export function isSettled(batch: { state: BatchState; gate: unknown }): boolean {
  return isOver(batch) || batch.state === 'waiting' || batch.gate !== null;
}
