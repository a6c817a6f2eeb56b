/**
 * Every wait of the product that no configuration sets. The program is composed with them in one
 * place, and each part receives them, so that a test can run with shorter ones.
 */
const defaults = {
  // Jobs (B-STALL-01, B-LIMIT-08)

  /**
   * A killed worker's job is free again after at most this and two stall checks, instead of 60 s.
   * Renewed at half of it, so an event loop that hangs for 5 s loses nothing.
   */
  jobLockMs: 15_000,
  /** A third of the lock; a check is one script of Redis. */
  stallCheckMs: 5000,
  /** An idle worker asks again this often. */
  drainDelayMs: 2000,
  /** Workers wait this long when Redis refuses to hand out a job; BullMQ would ask at once. */
  refusedPauseMs: 1000,
  /** One sentence for each refusal this often, however often it is met. */
  complaintRepeatMs: 30_000,
  /** Long enough that a Redis in trouble is left alone, short enough to resume soon after. */
  storePauseMs: 5000,
  /** How often an answer of the portal is written again while Redis refuses writes. */
  insistRepeatMs: 1000,
  /**
   * How soon to look again at rows that are still pending: Redis lost their ends, and their
   * jobs will tell; or the batch is cancelled, and ends through a job without children.
   */
  inviteLookAgainMs: 2000,
  /** Short, so that a producer that seals while the seal runs early is heard a minute later. */
  sealLookAgainMs: 60_000,
  /**
   * A person's word promotes the job. If a crash came between the two, it sees the word by itself.
   */
  gatePollMs: 3_600_000,
  /** A probe answers within the request's timeout; a worker that was killed with it does not. */
  probeMarginMs: 5000,
  /**
   * How long others wait while one probe is under way; it is short, because its answer frees them.
   */
  probePollMs: 1000,

  // Locks of a batch

  /** A producer that died is out of the way after this long; a slice takes about 0.1 s. */
  producerLockMs: 10_000,
  /** How often a producer looks whether the batch's lock is free. */
  producerLockPollMs: 250,
  /** A job that holds the invite and is gone permanently is removed after this long. */
  inviterLockMs: 600_000,
  /**
   * The ledger knows which accounts an earlier batch made (claims.ts). Without it, an account is
   * recognized from one of ours by its date, which has whole seconds and is trusted to 2 s: the
   * same list submitted at once would claim and invite these people a second time. The producer's
   * lock must last twice as long.
   */
  purgeRestMs: 5000,

  // Keeper

  /** A worker that joins waits this long at most until the others leave it its share of the slots. */
  keeperIntervalMs: 15_000,
  /** How often all processes together look for batches that cannot finish. */
  repairEveryMs: 60_000,
  /** A stop waits this long for the keeper run in progress, which may hang while Redis is down. */
  keeperStopMs: 2000,

  // Closing

  /** How long something that closing needs may be silent; well below Docker's 10 s of grace. */
  silenceMs: 5000,
  /** Ten questions before silence is believed. */
  silencePollMs: 500,
  /** A running request gets this long to end beyond its own timeout. */
  drainMarginMs: 10_000,
  /** Without Redis there is nothing to drain, and BullMQ's close would only hang. */
  failedCloseMs: 2000,
  /** The library's close: it has no request under way, and BullMQ's close hangs without Redis. */
  libraryCloseMs: 5000,

  // Waits behind what a person sees

  /** Half a second is soon enough for the eye, and few commands for Redis. */
  watchPollMs: 500,
  /** A plain line this often where there is no terminal, */
  plainLineMs: 5000,
  /** and of what stands still this often. */
  stillLineMs: 60_000,
  /** A dry run that looks people up says this often how far it is. */
  planLineMs: 2000,
  /** Longer than that a shell must not stand still after Tab. */
  completionMs: 500,
  /** `run` waits for its notification: longer than one attempt may take (`notifyTimeoutMs`). */
  notificationWaitMs: 12_000,
  /** A delivery takes about as long as this, so `run` ends soon after it. */
  notificationPollMs: 100,
  /** A probe of readiness that takes longer is one that failed. */
  readyMs: 2000,

  // Portal and receivers

  /** A portal far away connects in a second; the request's own timeout holds where it is shorter. */
  portalConnectMs: 10_000,
  /** A portal that does not answer must not keep a submission waiting: workers wait for it. */
  portalAskMs: 3000,
  /** An invite request gets this much more time for each person. */
  invitationMs: 100,
  /** From the call to the last byte of a receiver's answer. */
  notifyTimeoutMs: 10_000,
  /** One batch tells little: a receiver's connection need not stay open for the next. */
  notifyKeptOpenMs: 1000,
  /**
   * Wait before a notification is tried again, at most: 5, 10, 20 s … an hour; with 41 attempts, a
   * day.
   */
  notifyBackoffMs: 5000,
  notifyBackoffMaxMs: 3_600_000,

  // Redis (B-OUTAGE-01 to B-OUTAGE-06)

  /** A Redis that starts at the same time (compose, systemd) is ready within this. */
  redisFirstConnectMs: 5000,
  /** A host that swallows packets is not waited for 10 s (ioredis' default). */
  redisConnectMs: 2000,
  /**
   * Reconnect after 200, 400, … up to 2,000 ms: workers were back 0.9 s after a 20 s outage,
   * against 18 s with BullMQ's own strategy.
   */
  redisReconnectMs: 200,
  /** The longest wait between two tries. */
  redisReconnectMaxMs: 2000,
  /**
   * A producer's command fails when Redis accepts but does not answer; so does its connection. Such
   * a command may still run later, so every producer step is idempotent.
   */
  producerSilentMs: 5000,
  /**
   * A consumer's connection is opened again after this silence: more than the 10 s for which
   * BullMQ's blocking command may be silent, and less than a job's lock.
   */
  consumerSilentMs: 12_000,
  /** A sentinel that says nothing is skipped for the next one. */
  sentinelSilentMs: 2000,

  // Private Redis

  /** How long an owner that is about to leave (a `status`, a drain) is waited for. */
  dataDirWaitMs: 3000,
  /** Looking at the lock is one small file. */
  dataDirPollMs: 50,
  /**
   * A server that has neither died nor answered by then will not; loading its data does not count.
   */
  serverStartMs: 15_000,
  /** The watchdog kills a server that has not stopped by then. */
  watchdogMs: 20_000,
  /** The watchdog's time, and a little more for itself. */
  serverStopMs: 25_000,
  /** A server starts in about 0.1 s. */
  serverPollMs: 25,
  /** A server that takes a connection answers a short question within this. */
  serverSilentMs: 2000,
};

export type Timings = Readonly<Record<keyof typeof defaults, number>>;

/** The product's own. */
export const timings: Timings = Object.freeze(defaults);
