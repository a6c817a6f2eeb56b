/** Small files without imports of ours, which every part may use. */
export const LEAVES = [
  'batch-id',
  'count',
  'defined',
  'durations',
  'errors',
  'formula-guard',
  'loopback',
  'nearest-names',
  'printable',
  'private-file',
  'require-package',
  'retry-after',
  'timings',
  'turn-end',
  'zoned-time',
];

/** Parts that every part acting on a batch may use. */
const STORES = ['queue', 'ledger', 'stops', 'gates', 'people', 'process/logger'];

/** Redis errors and what is logged about them, without a connection. */
const TROUBLE = ['redis/trouble', 'redis/complaints'];

/**
 * Parts that each part may import beside the leaves; everything else is forbidden. A part is a
 * folder or a file of src, or one of a folder that has a line of its own here.
 */
export const ALLOWED: Record<string, readonly string[]> = {
  // The public entry of the package has exports only.
  index: ['library', 'actions', 'ledger', 'people'],
  // The executable passes its own streams and waits, so that tests can pass others.
  cli: ['main'],
  main: ['commands', 'process/crash', 'process/shutdown'],
  commands: [
    'actions',
    'overview',
    'preflight',
    'worker',
    'batch',
    'intake',
    'notify',
    'dashboard',
    'console',
    'web',
    'sandbox',
    'portal',
    'outbound',
    'redis',
    ...TROUBLE,
    ...STORES,
    'process/actor',
    'process/shutdown',
    'config',
  ],
  library: [
    'actions',
    'intake',
    'portal',
    'redis',
    ...TROUBLE,
    ...STORES,
    'process/actor',
    'process/shutdown',
    'config',
  ],
  // Every action of a person is one function: check, act, log.
  actions: ['batch', 'intake', 'portal', ...STORES, 'process/actor', 'privacy'],
  // Numbers without words: the caller has the words.
  overview: ['queue', 'ledger', 'gates', 'privacy'],
  // Facts are checked against the needs of a submission; nothing is written.
  preflight: ['batch', 'portal', 'redis', ...TROUBLE, ...STORES],
  // The invite reconciles and the keeper repairs: a producer's work, on queue and ledger.
  worker: ['batch', 'portal', 'notify', ...STORES, 'process/actor', 'privacy', ...TROUBLE],
  batch: [...STORES, 'process/actor'],
  intake: ['people'],
  // A notification is an address and a text, without batch or queue.
  notify: ['outbound'],
  dashboard: ['web', 'queue', 'ledger', 'privacy', 'process/logger', ...TROUBLE],
  // Pages for a browser. Whatever reaches a portal, a queue or Redis comes as an argument.
  console: [
    'actions',
    'overview',
    'web',
    'stops',
    'gates',
    'people',
    'privacy',
    'process/logger',
    'process/actor',
    'redis/trouble',
  ],
  // Listening and health, for everything that speaks HTTP.
  web: [],
  sandbox: ['process/logger'],
  queue: ['process/logger', ...TROUBLE],
  ledger: ['stops', 'gates', 'process/actor', 'people'],
  portal: ['stops', 'privacy', 'people', 'process/logger', 'outbound'],
  // Requests to other machines, directly or through a proxy.
  outbound: [],
  redis: [...TROUBLE, 'process/logger'],
  'redis/trouble': ['privacy'],
  'redis/complaints': ['redis/trouble', 'process/logger'],
  'process/crash': ['privacy'],
  'process/shutdown': ['process/logger'],
  'process/logger': ['privacy'],
  'process/actor': [],
  config: ['privacy'],
  privacy: [],
  stops: [],
  gates: [],
  people: [],
};

/** The only places that may know these packages. */
export const PACKAGES: Record<string, readonly string[]> = {
  bullmq: ['queue', 'worker', 'dashboard'],
  ioredis: ['redis', 'ledger', 'queue', 'worker', 'commands'],
  undici: ['outbound', 'portal', 'notify'],
  commander: ['commands', 'main'],
  'log-update': ['commands'],
  hono: ['dashboard', 'console', 'web', 'sandbox'],
  pino: ['process/logger'],
  'csv-parse': ['intake'],
  yauzl: ['intake'],
  sax: ['intake'],
  '@fastify': ['console'],
};
