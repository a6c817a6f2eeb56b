import { type List, randomList } from './people.ts';
import { type Random, randomOf } from './random.ts';

/** Event of a round. */
export type Deed =
  | { kind: 'kill-worker'; worker: number }
  | { kind: 'stop-worker'; worker: number; forMs: number }
  | { kind: 'kill-producer' }
  | { kind: 'kill-redis'; downMs: number }
  | { kind: 'lose-power'; lostMs: number }
  | { kind: 'faults'; change: object };

interface Event {
  atMs: number;
  deed: Deed;
}

/** Plan of a round, decided by seed and number. */
export interface Plan {
  seed: number;
  round: number;
  list: List;
  /** A second list with some people of the first. */
  second: List | undefined;
  /** Initial faults of the portal. */
  faults: object;
  events: Event[];
}

export const WORKERS = 3;

/** Time of faults; then all of them end, and the round must finish. */
export const TROUBLE_MS = 9000;

/** A deed, its probability in a round, and its largest number. */
type Maker = (random: Random) => Deed;

const KILLS: readonly [kind: Deed['kind'], share: number, most: number, make: Maker][] = [
  ['kill-worker', 0.6, 3, (r) => ({ kind: 'kill-worker', worker: r.between(0, WORKERS - 1) })],
  ['kill-producer', 0.5, 3, () => ({ kind: 'kill-producer' })],
  ['kill-redis', 0.4, 2, (r) => ({ kind: 'kill-redis', downMs: r.between(50, 2000) })],
  ['lose-power', 0.15, 1, (r) => ({ kind: 'lose-power', lostMs: r.between(100, 1000) })],
  [
    'stop-worker',
    0.15,
    1,
    (r) => ({ kind: 'stop-worker', worker: r.between(0, WORKERS - 1), forMs: 23_000 }),
  ],
];

const outage = (r: Random) => ({
  outages: [
    {
      kind: r.pick(['refused', 'killed', 'reset', '502', '503', 'lock'] as const),
      lastsMs: r.between(200, 2500),
    },
  ],
});

const small = (r: Random) => r.between(1, 6) / 100;

/** Rates of every kind of fault; each request has one fault at most. */
function rates(r: Random): object {
  const wire = () => ({
    error500Before: small(r),
    error500After: small(r),
    resetBefore: small(r),
    resetAfter: small(r),
    stallBefore: r.chance(0.3) ? 0.01 : 0,
    stallAfter: r.chance(0.3) ? 0.01 : 0,
    html502Before: r.chance(0.5) ? 0.02 : 0,
    html502After: r.chance(0.5) ? 0.02 : 0,
    truncatedJson: small(r),
    cutShort: small(r),
  });
  const unfinished = { error500Groupless: 0.02, halfMade: 0.02 };
  const create = { ...wire(), ...unfinished, race403: small(r), race400: small(r) };
  const invite = { ...wire(), refusedMidway: r.chance(0.2) ? 0.3 : 0 };
  return { create, invite, read: wire() };
}

/** States that lead to a hold, which the operator of the round releases. */
const holding = (r: Random): object =>
  r.pick<object>([
    { keyExpiresAfter: r.between(5, 200) },
    { tenantStatus: 'Suspended' },
    { tenantStatus: 'Transfering' },
    { tariff: 'unpaid' },
    { tariff: 'grace' },
    { guests: 60, limits: { userSeats: 60 } },
  ]);

const limits = (r: Random): object => ({
  limits: {
    requestsPerMinute: r.between(200, 900),
    minuteMs: 3000,
    concurrentWrites: r.between(2, 8),
    ...(r.chance(0.3) ? { writesPerDay: r.between(100, 400), dayMs: 4000 } : {}),
  },
  limiterResetUnit: r.pick(['seconds', 'milliseconds']),
});

const TROUBLES: readonly [share: number, make: (r: Random) => object][] = [
  [0.8, rates],
  [0.6, outage],
  [0.3, holding],
  [0.4, limits],
  [0.3, (r) => ({ clockOffsetMs: r.pick([-600_000, 600_000]) })],
];

/** Makes the plan of a round: a pure function of seed and number. */
export function planOf(seed: number, round: number, people: number): Plan {
  const random = randomOf(seed, round);
  const list = randomList(random, people, 'c');
  const second = random.chance(0.3) ? overlapping(random, list, people) : undefined;
  const version = random.chance(0.2) ? { version: '3.6.1' } : {};
  const begin = random.chance(0.5) ? rates(random) : {};
  const events: Event[] = [];
  const at = () => random.between(0, TROUBLE_MS);
  for (const [, share, most, make] of KILLS) {
    if (!random.chance(share)) continue;
    for (let times = random.between(1, most); times > 0; times -= 1) {
      events.push({ atMs: at(), deed: make(random) });
    }
  }
  for (const [share, make] of TROUBLES) {
    if (!random.chance(share)) continue;
    events.push({ atMs: at(), deed: { kind: 'faults', change: make(random) } });
  }
  events.sort((a, b) => a.atMs - b.atMs);
  return {
    seed,
    round,
    list,
    second,
    faults: { seed: seed + round, ...version, ...begin },
    events,
  };
}

/** People of whom the first third is in the first list, too. */
function overlapping(random: Random, first: List, people: number): List {
  const own = randomList(random, Math.ceil(people / 4), 'd');
  const shared = first.good.slice(0, Math.floor(own.good.length / 3));
  const lines = shared.map((email) => `${email},Ana,Lee`).join('\n');
  return {
    ...own,
    csv: `${own.csv}${lines}\n`,
    lines: own.lines + shared.length,
    good: [...own.good, ...shared],
  };
}

/** The deeds of a plan in a few words, for the line of the round. */
export function summaryOf({ events, second }: Plan): string {
  const counts = new Map<string, number>();
  for (const { deed } of events) {
    const name = deed.kind === 'faults' ? Object.keys(deed.change).join('+') : deed.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const deeds = [...counts].map(([name, times]) => (times > 1 ? `${name} x${times}` : name));
  return [...deeds, ...(second === undefined ? [] : ['two batches'])].join(', ') || 'nothing';
}
