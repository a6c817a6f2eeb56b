/** Rows per hash: below Redis' hash-max-listpack-entries (128), so that buckets stay compact. */
export const BUCKET_ROWS = 100;

/** The group of rows that failed without a code. */
export const NO_CODE = 'unknown';

/** Where a row can be, from intake to its end; each is a bitmap with one bit a row. */
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

/**
 * Every key of the ledger, all under one prefix; with the default `{onboard}` they share a cluster
 * slot. BullMQ's own keys are `<prefix>:<queue name>:…`, and no queue is named like one of these.
 */
export function ledgerKeys(prefix: string) {
  const batch = (id: string) => `${prefix}:batch:${id}`;
  return {
    /** What all keys begin with, also those of the queues. */
    prefix,
    /** ZSET batch id -> when it was accepted, ms. */
    batches: `${prefix}:batches`,
    /** HASH the hold that stops everything, or absent. */
    hold: `${prefix}:hold`,
    /** STRINGS `pause:<queue>`: why the queue waits, as JSON; each expires when the wait is over. */
    pause: `${prefix}:pause:`,
    /** HASH the outage that the portal is in, or absent. */
    outage: `${prefix}:outage`,
    /** STREAM the action log: who did what, newest last. */
    log: `${prefix}:log`,
    /** SET ids of notices that are to be queued. */
    untold: `${prefix}:untold`,
    /** STRING whose turn it was to look for batches to mend; expires. */
    keeper: `${prefix}:keeper`,
    /**
     * HASHES `claims:<3 characters>`: rest of the e-mail's hash -> `batch row before file:line`, where
     * `before` is the `batch.row` that had the person earlier, or `-`.
     */
    claims: `${prefix}:claims:`,
    /** HASH the batch's record. */
    record: batch,
    /** STRING token of the producer that is submitting the batch; expires. */
    lock: (id: string) => `${batch(id)}:lock`,
    /** HASHES `rows:<bucket>`: row -> what the file says, as JSON. */
    rows: (id: string) => `${batch(id)}:rows:`,
    /** HASHES `outcomes:<bucket>`: row -> what became of it, as JSON. */
    outcomes: (id: string) => `${batch(id)}:outcomes:`,
    /**
     * STRINGS `emails:<1 character>`: 8 bytes for each row whose e-mail's hash begins so: 4 more
     * characters of it, then the row.
     */
    emails: (id: string) => `${batch(id)}:emails:`,
    /** BITMAPS `is:<state>`: the rows in that state. */
    is: (id: string) => `${batch(id)}:is:`,
    /** SET the codes that rows failed with, */
    causes: (id: string) => `${batch(id)}:causes`,
    /** and BITMAPS `because:<code>`: the failed rows with each. */
    because: (id: string) => `${batch(id)}:because:`,
    /** HASH ten seconds' number -> rows settled in them, of the last minutes; expires. */
    settled: (id: string) => `${batch(id)}:settled`,
    /** BITMAP the rows that stood in an accepted invite request. */
    invited: (id: string) => `${batch(id)}:invited`,
    /** HASH id of a notice -> what is sent, as JSON. */
    notices: (id: string) => `${batch(id)}:notices`,
    /** STRING the job that is inviting, while more than one could; expires. */
    inviter: (id: string) => `${batch(id)}:inviter`,
    /** LIST of invite requests that the portal accepted, or may have, as JSON. */
    invites: (id: string) => `${batch(id)}:invites`,
  };
}

export type LedgerKeys = ReturnType<typeof ledgerKeys>;

export function bucketOf(row: number): number {
  return Math.floor(row / BUCKET_ROWS);
}
