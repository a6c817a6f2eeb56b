/** Faults of a batch in the queue that repair corrects. */
export const findings = [
  'unsealed',
  'parent-lost',
  'parent-failed',
  'parent-over',
  'seal-lost',
  'seal-not-promoted',
  'seal-failed',
  'children-lost',
  'failed-child-attached',
] as const;
export type Finding = (typeof findings)[number];

export interface Inspection {
  /** Dependencies that may still be inspected, over all batches together; counted down. */
  budget: { left: number };
  /** Whether it compares with the last inspection (the keeper) or stands alone (`onboard status`). */
  remembers: boolean;
}
