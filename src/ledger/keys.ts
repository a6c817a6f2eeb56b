import type { RowState } from './rows/row-state.ts';

/**
 * Every key of the ledger, all under one prefix; with the default `{onboard}` they share a cluster
 * slot. BullMQ's own keys are `<prefix>:<queue name>:…`, and no queue is named like one of these.
 */
export function ledgerKeys(prefix: string) {
  const batch = (id: string) => `${prefix}:batch:${id}`;
  return {
    /** Prefix of all keys, including those of the queues. */
    prefix,
    /** ZSET batch id -> when it was accepted, ms. */
    batches: `${prefix}:batches`,
    /** HASH the hold that stops everything, or absent. */
    hold: `${prefix}:hold`,
    /** STRINGS `pause:<queue>`: why the queue waits, as JSON; each expires with the wait. */
    waits: `${prefix}:pause:`,
    /** HASH the outage that the portal is in, or absent. */
    outage: `${prefix}:outage`,
    /** LIST the last holds, limits and outages with their times, as JSON. */
    stops: `${prefix}:stops`,
    /** STRING how many requests at a time the portal allows, once it has said so; expires. */
    writers: `${prefix}:writers`,
    /** HASH worker process -> when its lease on the limits ends, ms, and its requests in flight. */
    leases: `${prefix}:leases`,
    /** HASH limits of all workers: as configured, as the portal said, and how far they were lowered. */
    limits: `${prefix}:limits`,
    /** STREAM the action log: who did what, newest last. */
    log: `${prefix}:log`,
    /** SET ids of notifications that are to be queued. */
    unqueued: `${prefix}:untold`,
    /** STRING the process that did the last keeper run; expires. */
    keeper: `${prefix}:keeper`,
    /** STRING what Redis answered to a worker that it refused, as JSON; expires. */
    refusal: `${prefix}:refusal`,
    /** STRING the last repair of a batch, as JSON; expires after a day. */
    repaired: `${prefix}:repaired`,
    /** STRING the process that reads and makes groups, for all batches; expires. */
    groupsLock: `${prefix}:groups`,
    /** STRING when a group was about to be made whose answer is missing, ms; expires. */
    groupMade: `${prefix}:group-made`,
    /** STRING written by `status` to see whether Redis takes writes; expires at once. */
    tried: `${prefix}:tried`,
    /** STRINGS `session:<SHA-256 of the cookie>`: who is signed in to the console, as JSON; each expires. */
    sessions: `${prefix}:session:`,
    /** STRINGS `code:<SHA-256 of the code>`: whom a link signs in to the console, as JSON; each expires. */
    codes: `${prefix}:code:`,
    /** STRING the key from which form tokens are made where a proxy signs people in. */
    formKey: `${prefix}:form-key`,
    /**
     * HASHES `claims:<3 characters>`: rest of the e-mail's hash -> `batch row before file:line`,
     * where `before` is the `batch.row` that had the person earlier, or `-`.
     */
    claims: `${prefix}:claims:`,
    /** HASH the batch's record. */
    record: batch,
    /**
     * HASH `c` and a cell of the list, or `n` and a name of the submission -> its rows, and the groups
     * that it means once they are known, as JSON.
     */
    groups: (id: string) => `${batch(id)}:groups`,
    /** STRING token of the producer that is submitting the batch; expires. */
    lock: (id: string) => `${batch(id)}:lock`,
    /** HASHES `rows:<bucket>`: row -> its input, as JSON. */
    rows: (id: string) => `${batch(id)}:rows:`,
    /** HASHES `outcomes:<bucket>`: row -> its outcome, as JSON. */
    outcomes: (id: string) => `${batch(id)}:outcomes:`,
    /**
     * STRINGS `emails:<1 character>`: 8 bytes for each row whose e-mail's hash begins so: 4 more
     * characters of it, then the row.
     */
    emails: (id: string) => `${batch(id)}:emails:`,
    /** Prefix of the bitmaps `is:<state>` begin with, */
    states: (id: string) => `${batch(id)}:is:`,
    /** and each of them: the rows in that state. */
    is: (id: string, state: RowState) => `${batch(id)}:is:${state}`,
    /** BITMAPS `type:<type>`: the accepted rows of each type but User. */
    types: (id: string) => `${batch(id)}:type:`,
    /** SET the codes that rows failed with, */
    causes: (id: string) => `${batch(id)}:causes`,
    /** and BITMAPS `because:<code>`: the failed rows with each. */
    because: (id: string) => `${batch(id)}:because:`,
    /** HASH ten seconds' number -> rows settled in them, of the last minutes; expires. */
    settled: (id: string) => `${batch(id)}:settled`,
    /** LIST samples of the settled rows over time. */
    course: (id: string) => `${batch(id)}:course`,
    /** BITMAPS `marked:<mark>`: the rows with each mark (marks.ts). */
    marks: (id: string) => `${batch(id)}:marked:`,
    /** BITMAP the rows in an accepted invite request. */
    invited: (id: string) => `${batch(id)}:invited`,
    /** HASH id of a notification -> its numbers, as JSON. */
    notifications: (id: string) => `${batch(id)}:notices`,
    /** STRING the job that is inviting, while more than one could; expires. */
    inviter: (id: string) => `${batch(id)}:inviter`,
    /** LIST of invite requests that the portal accepted, or may have, as JSON. */
    invites: (id: string) => `${batch(id)}:invites`,
  };
}

export type LedgerKeys = ReturnType<typeof ledgerKeys>;
