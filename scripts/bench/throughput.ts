// Speed of the worker beside raw BullMQ and beside a bare HTTP client, on a portal apart. Each round
// runs every side of every scenario. Exits with 1 where an aim is missed.
// Usage: npm run bench:throughput -- [SCENARIO...] [--rounds N] [--profile DIR] [--quick]
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { conclude } from './aims.ts';
import { COMMON, chosen, countOf, orExit } from './flags.ts';
import { inFolder, median, table } from './processes.ts';
import {
  aimsOf,
  type Found,
  figuresOf,
  type Scenario,
  type ScenarioName,
  type SideFigures,
  type SideName,
  scenarioNames,
  scenarios,
  sideNames,
  writersOfPicture,
} from './scenarios.ts';
import { client, ours, raw, type Side } from './sides.ts';
import type { Load, Measured } from './watching.ts';

/** Speeds with a number of writers, medians. */
export interface WritersFigures {
  writers: number;
  perSecond: Record<SideName, number>;
}

export interface ThroughputFigures {
  found: Found;
  writers: WritersFigures[];
}

/** People for each writer of the picture: 3 s at the speed of the portal. */
const PEOPLE_A_WRITER = 60;
const WRITERS = 'writers';
const QUICK_SHARE = 20;

const RUN: Record<SideName, Side> = { 'bare client': client, 'raw BullMQ': raw, ours };

const { names, rounds, profile, quick, json } = orExit(() => {
  const options = { ...COMMON, profile: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const known = [...scenarioNames, WRITERS] as const;
  return {
    names: chosen<ScenarioName | typeof WRITERS>(positionals, known),
    rounds: values.quick ? 1 : countOf('--rounds', values.rounds),
    profile: values.profile && resolve(values.profile),
    quick: values.quick,
    json: values.json,
  };
});

function measure(side: SideName, load: Load): Promise<Measured> {
  const people = quick ? Math.ceil(load.people / QUICK_SHARE) : load.people;
  return inFolder((dir) => RUN[side]({ ...load, people }, join(dir, 'redis'), profile));
}

async function runScenarios(wanted: readonly ScenarioName[]): Promise<Found> {
  const runs = new Map<string, Measured[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of wanted) {
      const { sides, load }: Scenario = scenarios[name];
      for (const side of sides) {
        const key = `${name}, ${side}`;
        runs.set(key, [...(runs.get(key) ?? []), await measure(side, load)]);
      }
    }
  }
  const entries = wanted.map((name) => {
    const { sides }: Scenario = scenarios[name];
    return [name, sides.map((side) => figuresOf(side, runs.get(`${name}, ${side}`) ?? []))];
  });
  return Object.fromEntries(entries);
}

async function overWriters(): Promise<WritersFigures[]> {
  const found: WritersFigures[] = [];
  for (const writers of quick ? writersOfPicture.slice(0, 2) : writersOfPicture) {
    const load = { people: PEOPLE_A_WRITER * writers, writers, latencyMs: 50 };
    const speeds = new Map<SideName, number[]>(sideNames.map((side) => [side, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [side, list] of speeds) list.push((await measure(side, load)).perSecond);
    }
    const medians = [...speeds].map(([side, list]) => [side, median(list)]);
    found.push({ writers, perSecond: Object.fromEntries(medians) });
  }
  return found;
}

function cells(name: ScenarioName, figures: SideFigures): unknown[] {
  const { side, perSecond, medianPerSecond, medianCpuMs, mostInFlight, recoveries } = figures;
  return [
    scenarios[name].title,
    side,
    perSecond.map((each) => each.toFixed(0)).join(', '),
    medianPerSecond.toFixed(0),
    medianCpuMs.toFixed(3),
    mostInFlight,
    recoveries.map((seconds) => seconds.toFixed(1)).join(', '),
  ];
}

const wanted = names.filter((name) => name !== WRITERS);
const found = await runScenarios(wanted);
const writers = names.includes(WRITERS) ? await overWriters() : [];
const head = [
  'scenario',
  'side',
  'people a second',
  'median',
  'CPU ms a person',
  'most at once',
  's to full speed',
];
const rows = wanted.flatMap((name) => (found[name] ?? []).map((each) => cells(name, each)));
if (rows.length > 0) console.log(table(head, rows));
if (writers.length > 0) {
  const lines = writers.map(({ writers: count, perSecond }) => [
    count,
    ...sideNames.map((side) => perSecond[side].toFixed(1)),
  ]);
  console.log(`\n${table(['writers, 50 ms', ...sideNames], lines)}`);
}
conclude(
  { figures: { found, writers } satisfies ThroughputFigures, aims: aimsOf(found) },
  { json },
);
