// Loads of `bench:throughput`, and the aims of each.
import { type Aim, atLeast, atMost } from './aims.ts';
import { median } from './processes.ts';
import type { Load, Measured } from './watching.ts';

/** Names of the sides in tables and pictures. */
export const sideNames = ['bare client', 'raw BullMQ', 'ours'] as const;
export type SideName = (typeof sideNames)[number];

export interface Scenario {
  title: string;
  load: Load;
  sides: readonly SideName[];
}

const PORTAL: Load = { people: 2500, writers: 10, latencyMs: 50 };

/** Those on a portal of 50 ms are compared with the bare client of `portal`, in the same rounds. */
export const scenarios = {
  cpu: {
    title: '50 writers, no latency',
    load: { people: 40_000, writers: 50, latencyMs: 0 },
    sides: sideNames,
  },
  portal: { title: '10 writers, 50 ms', load: PORTAL, sides: ['bare client', 'ours'] },
  far: {
    title: '10 writers, 50 ms, Redis 5 ms away',
    load: { ...PORTAL, redisDelayMs: 2.5 },
    sides: ['ours'],
  },
  three: {
    title: '10 writers, 50 ms, three workers',
    load: { ...PORTAL, workers: 3 },
    sides: ['ours'],
  },
  killed: {
    title: '10 writers, 50 ms, one of three workers killed',
    load: { ...PORTAL, people: 6000, workers: 3, kill: true },
    sides: ['ours'],
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

/** Numbers of writers of the picture, on a portal of 50 ms. */
export const writersOfPicture = [1, 2, 5, 10, 20, 50] as const;

/** One side of a scenario over all rounds. */
export interface SideFigures {
  side: SideName;
  perSecond: number[];
  medianPerSecond: number;
  medianCpuMs: number;
  mostInFlight: number;
  /** Seconds from the kill to full speed, for each round with a kill. */
  recoveries: number[];
}

export function figuresOf(side: SideName, runs: readonly Measured[]): SideFigures {
  const perSecond = runs.map((run) => run.perSecond);
  const killed = runs.filter(({ killedAt }) => killedAt !== undefined);
  return {
    side,
    perSecond,
    medianPerSecond: median(perSecond),
    medianCpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
    mostInFlight: Math.max(...runs.map((run) => run.mostInFlight)),
    recoveries: killed.map(recoveryOf),
  };
}

const SPAN_S = 5;
const STEP_S = 0.1;
const FULL = 0.98;

/**
 * Seconds from a kill to the first 5 s that have 98 % of the speed before it. Infinite where none has:
 * the run was too short, or the speed did not come back.
 */
export function recoveryOf({ times, killedAt = 0 }: Pick<Measured, 'times' | 'killedAt'>): number {
  const within = (from: number, to: number) => times.filter((at) => at >= from && at < to).length;
  const begin = killedAt / 4;
  const before = within(begin, killedAt) / (killedAt - begin);
  const last = (times.at(-1) ?? 0) - killedAt - SPAN_S;
  for (let step = 0; step * STEP_S <= last; step += 1) {
    const from = killedAt + step * STEP_S;
    if (within(from, from + SPAN_S) >= FULL * before * SPAN_S) return step * STEP_S;
  }
  return Number.POSITIVE_INFINITY;
}

/** Medians of all sides of the scenarios that were run. */
export type Found = Partial<Record<ScenarioName, readonly SideFigures[]>>;

export function sideOf(found: Found, name: ScenarioName, side: SideName): SideFigures | undefined {
  return found[name]?.find((each) => each.side === side);
}

/** CPU that a person may cost: 0.15 ms where raw BullMQ takes 0.085. */
const MOST_CPU = 0.15 / 0.085;

/** Least speed on a portal of 50 ms, % of the bare client of the same rounds. */
const LEAST: Partial<Record<ScenarioName, number>> = { portal: 98, far: 95, three: 98 };
const MOST_RECOVERY_S = 20;

/** Aims of the scenarios that were run. */
export function aimsOf(found: Found): Aim[] {
  const names = scenarioNames.filter((name) => found[name] !== undefined);
  return names.flatMap((name) => {
    const own = sideOf(found, name, 'ours');
    if (own === undefined) return [];
    return name === 'cpu' ? costAims(own, found) : portalAims(name, own, found);
  });
}

function costAims(own: SideFigures, found: Found): Aim[] {
  const { title } = scenarios.cpu;
  const raw = sideOf(found, 'cpu', 'raw BullMQ');
  const speed = own.medianPerSecond / (raw?.medianPerSecond ?? Number.NaN);
  const cpu = own.medianCpuMs / (raw?.medianCpuMs ?? Number.NaN);
  return [
    atLeast({ what: `${title}: speed in times of raw BullMQ`, measured: speed, aim: 0.65 }),
    atMost({ what: `${title}: CPU in times of raw BullMQ`, measured: cpu, aim: MOST_CPU }),
  ];
}

function portalAims(name: ScenarioName, own: SideFigures, found: Found): Aim[] {
  const { title, load } = scenarios[name];
  const most = own.mostInFlight;
  const inFlight = `${title}: most requests at once`;
  const aims = [atMost({ what: inFlight, measured: most, aim: load.writers, digits: 0 })];
  const least = LEAST[name];
  if (least !== undefined) {
    const base = sideOf(found, 'portal', 'bare client')?.medianPerSecond ?? Number.NaN;
    const measured = (100 * own.medianPerSecond) / base;
    const what = `${title}: speed of the bare client`;
    aims.unshift(atLeast({ what, measured, aim: least, digits: 1, unit: ' %' }));
  }
  if (name === 'killed') {
    const what = `${title}: time to full speed`;
    const measured = Math.max(...own.recoveries);
    aims.unshift(atMost({ what, measured, aim: MOST_RECOVERY_S, digits: 1, unit: ' s' }));
  }
  return aims;
}
