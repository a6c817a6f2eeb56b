/**
 * Every wait of the product that no configuration sets. The program is composed with them in one
 * place, and each part receives them, so that a test can run with shorter ones.
 */
const defaults = {
  // Jobs (B-STALL-01)

  /**
   * A killed worker's job is free again after at most this and two stall checks, instead of 60 s.
   * Renewed at half of it, so an event loop that hangs for 5 s loses nothing.
   */
  jobLockMs: 15_000,
  /** A third of the lock; a check is one script of Redis. */
  stallCheckMs: 5000,
  /** An idle worker asks again this often. */
  drainDelayMs: 2000,
  /** A worker asks again this often during a wait, which a person may end; BullMQ would after 30 s. */
  limitCheckMs: 5000,
  /**
   * Workers wait this long when Redis refuses to hand out a job, and twice as long after each
   * further refusal; BullMQ would ask at once.
   */
  refusedPauseMs: 200,
  /** The longest of these waits: 4 queues ask a Redis that refuses once a second. */
  refusedPauseMaxMs: 5000,
  /** A refusal that repeats is logged at most this often. */
  complaintRepeatMs: 30_000,
  /** Long enough to spare a Redis in trouble, short enough to resume soon after. */
  storePauseMs: 5000,
  /** How soon an answer of the portal is written again while Redis refuses; doubled up to 5 s. */
  insistRepeatMs: 1000,
  /**
   * When to check rows that are still pending again: Redis lost their outcomes and their jobs
   * report them again, or the batch is cancelled and ends through a job without children.
   */
  pendingPollMs: 2000,
  /** Short, so that a round sealed while its seal runs early ends a minute later. */
  sealPollMs: 60_000,
  /**
   * `onboard invite` promotes the job. After a crash in between, the job finds the release by
   * itself.
   */
  gatePollMs: 3_600_000,
  /**
   * A process's share of the limits: one that was killed leaves it to the others after this long, and
   * they ask again this often (limits/lease.ts).
   */
  leaseMs: 10_000,
  leaseRenewMs: 2000,
  /** Between two tries while processes give up writers to others. */
  leaseSettleMs: 100,
  /** How long the requests of a killed process count as in flight. */
  leaseDeadMs: 2000,
  /** How long a request may wait for its turn after its admission; a few ms are usual. */
  turnMs: 1000,
  /** How long the portal's word on its limit of requests is believed: its settings may change. */
  paceMs: 3_600_000,
  /** How long the portal's word on concurrent requests is believed: its settings may change. */
  writersMs: 3_600_000,
  /** Pause of `set-roles` after a request without an answer. */
  rolePauseMs: 1000,
  /** How long a release waits for a job at its gate, which takes some ms, and how often it asks. */
  wakeMs: 5000,
  wakePollMs: 50,
  /** A probe answers within the request's timeout; a worker that was killed with it does not. */
  probeMarginMs: 5000,
  /** How long others wait during a probe: short, because its answer releases them. */
  probePollMs: 1000,

  /** Web pages in place of a portal that worked before become a hold after this long. */
  webPageHoldMs: 600_000,

  // Locks of a batch

  /** The lock of a producer that died ends after this long; a slice takes about 0.1 s. */
  producerLockMs: 10_000,
  /** How often a producer checks whether the batch's lock is free. */
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

  // Groups

  /** A process that died while it read or made groups delays the others this long. */
  groupsLockMs: 60_000,
  /** How long a job waits for the process that reads groups, and how often it asks. */
  groupsWaitMs: 15_000,
  groupsPollMs: 200,

  // Keeper

  /** A new worker gets its share of the slots within this time. */
  keeperIntervalMs: 15_000,
  /** Interval of keeper runs, over all processes together. */
  repairEveryMs: 60_000,
  /** A stop waits this long for the keeper run in progress, which may hang while Redis is down. */
  keeperStopMs: 2000,

  // Closing

  /** How long Redis may be silent during a shutdown; well below Docker's grace period of 10 s. */
  silenceMs: 5000,
  /** Ten pings before Redis counts as silent. */
  silencePollMs: 500,
  /** A request in flight may take this much longer than its own timeout. */
  drainMarginMs: 10_000,
  /** Without Redis a drain cannot record anything, and BullMQ's close hangs. */
  failedCloseMs: 2000,
  /** The library's close: it has no request under way, and BullMQ's close hangs without Redis. */
  libraryCloseMs: 5000,

  // Waits behind what a person sees

  /** Half a second looks live and costs Redis few commands. */
  watchPollMs: 500,
  /** Interval of plain lines without a terminal, */
  plainLineMs: 5000,
  /** and of these lines while idle. */
  stillLineMs: 60_000,
  /** Interval at which a dry run with lookups reports its progress. */
  planLineMs: 2000,
  /** Longest time that a shell may wait after Tab. */
  completionMs: 500,
  /** How long `run` waits for its notification: longer than one attempt (`notifyTimeoutMs`). */
  notificationWaitMs: 12_000,
  /** Interval at which `run` checks its notification: about the time of a delivery. */
  notificationPollMs: 100,
  /** A readiness probe that takes longer has failed. */
  readyMs: 2000,
  /** How often a page of the console is read while its numbers move, and while they stand still. */
  liveMovingMs: 1000,
  liveStillMs: 5000,
  /** A reading of the console that takes longer counts as failed. */
  liveReadMs: 3000,
  /** Interval of the signs of life of a live page; proxies close a silent connection after 60 s. */
  liveBeatMs: 15_000,
  /** A session of the console ends after this time without an activity, and after this time in all. */
  sessionIdleMs: 1_800_000,
  sessionMs: 43_200_000,
  /** How old the users file may be, and how often an open stream asks for its viewer. */
  usersCheckMs: 1000,
  liveViewerMs: 2000,
  /** An open stream behind a proxy ends after this time: its next request is judged anew. */
  liveJudgedMs: 300_000,
  /** How often the failed sign-ins of one name reach the action log. */
  signInNotedMs: 3_600_000,
  /** A code that signs in can be used for this long. */
  signInCodeMs: 600_000,
  /** First wait after too many wrong passwords or codes; doubled up to a minute. */
  signInWaitMs: 1000,
  signInWaitMaxMs: 60_000,
  /** Wrong passwords and codes are forgotten after this time without another. */
  signInForgetMs: 900_000,
  /** A wrong password of the dashboard is answered after this time. */
  wrongPasswordMs: 1000,

  // Uploads of the console

  /** Uploads and plans of 24 hours are looked for this often. */
  uploadSweepMs: 600_000,
  /** An approval shows its batch when it is submitted within this, and its plan otherwise. */
  approvalShownMs: 5000,

  // Portal and receivers

  /** A distant portal connects in a second; a shorter timeout of the request takes precedence. */
  portalConnectMs: 10_000,
  /** A submission does not wait for a silent portal; workers do. */
  portalAskMs: 3000,
  /** Likewise for the groups, which are read in pages of 100. */
  groupsAskMs: 15_000,
  /** Additional timeout of an invite request for each person. */
  invitationMs: 100,
  /** From the call to the last byte of a receiver's answer. */
  notifyTimeoutMs: 10_000,
  /** Notifications are rare, so a receiver's connection need not stay open. */
  notifyKeptOpenMs: 1000,
  /** Longest wait between two attempts: 5, 10, 20 s … an hour; 41 attempts last a day. */
  notifyBackoffMs: 5000,
  notifyBackoffMaxMs: 3_600_000,

  // Redis (B-OUTAGE-01 to B-OUTAGE-06)

  /** A Redis that starts at the same time (compose, systemd) is ready within this. */
  redisFirstConnectMs: 5000,
  /** A host that drops packets fails before ioredis' default of 10 s. */
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
  /** An examination of a Redis that could not be connected waits this long for its first words. */
  diagnoseMs: 1000,
  /** A sentinel that says nothing is skipped for the next one. */
  sentinelSilentMs: 2000,

  // Private Redis

  /** How long to wait for an owner that is about to leave (a `status`, a drain). */
  dataDirWaitMs: 3000,
  /** Reading the lock is one small file. */
  dataDirPollMs: 50,
  /** Time for a server to answer or die; loading its data does not count. */
  serverStartMs: 15_000,
  /** The watchdog kills a server that has not stopped by then. */
  watchdogMs: 20_000,
  /** The watchdog's time with a margin. */
  serverStopMs: 25_000,
  /** A server starts in about 0.1 s. */
  serverPollMs: 25,
  /** A server that accepts a connection answers a ping within this time. */
  serverSilentMs: 2000,
};

export type Timings = Readonly<Record<keyof typeof defaults, number>>;

/** The timings of the product. */
export const timings: Timings = Object.freeze(defaults);
