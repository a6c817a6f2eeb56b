/** Rows per hash: below Redis' hash-max-listpack-entries (128), so that buckets stay compact. */
export const BUCKET_ROWS = 100;

/** States of a row, from intake to its end; each is a bitmap with one bit for each row. */
export const rowStates = [
  'pending',
  'later',
  'created',
  'existing',
  'failed',
  'cancelled',
  'rejected',
  'duplicate',
] as const;
export type RowState = (typeof rowStates)[number];

/** States in which a round leaves its rows. */
export const settledStates = ['created', 'existing', 'failed', 'cancelled'] as const;

/** The code of rows that failed without one. */
export const NO_CODE = 'unknown';

/** The hash that holds a row. */
export function bucketOf(row: number): number {
  return Math.floor(row / BUCKET_ROWS);
}
