// The pace of the built worker, with its own settings, on a portal that refuses what exceeds 1,500
// requests in any 60 s: 3,000 people alone; or with `--shared`, 30 minutes beside another client that
// uses 500 of them. The rounds of 3,000 people run at the same time, each on a portal and a Redis of
// its own: all of them wait most of the time. Exits with 1 where an aim is missed.
// Usage: npm run bench:pace -- [--shared [--minutes N]] [--rounds N] [--quick]
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { type Aim, atLeast, atMost, conclude } from './aims.ts';
import { owned } from './children.ts';
import { COMMON, countOf, orExit } from './flags.ts';
import { CLI, inFolder, table } from './processes.ts';
import { endWorkers, onRedis, submitPeople, workerEnv } from './sides.ts';
import { type PortalState, type StandIn, standIn } from './watching.ts';

const PER_MINUTE = 1500;
const PER_SECOND = PER_MINUTE / 60;
const LATENCY_MS = 20;
const OTHER_PER_MINUTE = 500;
/** Time in which the pace settles, and the span in which 429s are counted. */
const SPAN_MINUTES = 10;
const POLL_MS = 200;

/** One run alone. */
export interface PaceRun {
  people: number;
  /** Creations a second between the first and the last. */
  perSecond: number;
  refusals: number;
  invites: number;
}

/** The run beside another client: what each ten minutes had. */
export interface SharedSpan {
  fromMinute: number;
  created: number;
  refusals: number;
}

export interface PaceFigures {
  alone: PaceRun[];
  shared: SharedSpan[];
  refusedOthers: number;
}

const given = orExit(() => {
  const options = {
    ...COMMON,
    shared: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
  } as const;
  const { values } = parseArgs({ options });
  return {
    ...values,
    people: values.quick ? 60 : 3000,
    rounds: values.quick ? 1 : countOf('--rounds', values.rounds),
    minutes: values.quick ? 1 : countOf('--minutes', values.minutes),
  };
});

/** Submits people and runs a worker while `body` watches the portal. */
function worked<T>(people: number, body: (portal: StandIn) => Promise<T>): Promise<T> {
  return inFolder((dir) =>
    onRedis(join(dir, 'redis'), {}, async ({ near }) => {
      const portal = await standIn(LATENCY_MS, PER_MINUTE);
      const env = workerEnv(portal.url, near);
      await submitPeople(dir, people, env);
      const worker = owned(fork(CLI, ['worker'], { env }));
      const measured = await body(portal);
      await endWorkers([worker]);
      portal.stop();
      return measured;
    }),
  );
}

function alone(people: number): Promise<PaceRun> {
  return worked(people, async (portal) => {
    let state: PortalState;
    do {
      await pause(POLL_MS);
      state = await portal.state();
    } while (state.invites.length === 0);
    const [first = 0, last = 0] = [state.creations[0], state.creations.at(-1)];
    const perSecond = ((state.creations.length - 1) * 1000) / (last - first);
    const { refusals, invites } = state;
    return { people, perSecond, refusals: refusals.length, invites: invites.length };
  });
}

/** Another client that sends requests evenly, and does not mind a refusal. */
function startOther({ url }: StandIn): () => Promise<void> {
  const dispatcher = new Agent();
  const headers = { 'x-other-client': '1' };
  const timer = setInterval(async () => {
    const answer = await request(`${url}/api/2.0/group`, { dispatcher, headers });
    await answer.body.dump();
  }, 60_000 / OTHER_PER_MINUTE);
  return async () => {
    clearInterval(timer);
    await dispatcher.close();
  };
}

function shared(minutes: number): Promise<Pick<PaceFigures, 'shared' | 'refusedOthers'>> {
  return worked(minutes * PER_MINUTE, async (portal) => {
    const stopOther = startOther(portal);
    while ((await portal.count()) === 0) await pause(POLL_MS);
    await pause(minutes * 60_000);
    await stopOther();
    const { creations, refusals, refusedOthers } = await portal.state();
    const start = creations[0] ?? 0;
    const spans = Array.from({ length: Math.ceil(minutes / SPAN_MINUTES) }, (_, index) => {
      const fromMinute = index * SPAN_MINUTES;
      const from = start + fromMinute * 60_000;
      const within = (times: readonly number[]) =>
        times.filter((at) => at >= from && at < from + SPAN_MINUTES * 60_000).length;
      return { fromMinute, created: within(creations), refusals: within(refusals) };
    });
    return { shared: spans, refusedOthers };
  });
}

function aimsOf({ alone: runs, shared: spans }: PaceFigures): Aim[] {
  const slowest = (100 * Math.min(...runs.map((run) => run.perSecond))) / PER_SECOND;
  const refusals = Math.max(...runs.map((run) => run.refusals));
  const settled = spans.slice(1);
  const after = Math.max(...settled.map((span) => span.refusals));
  const at = { digits: 1, unit: ' %' };
  const what = 'pace, shared: 429s in ten minutes, settled';
  return [
    ...(runs.length === 0
      ? []
      : [
          atLeast({ what: 'pace: share of 1,500 a minute', measured: slowest, aim: 98, ...at }),
          atMost({ what: 'pace: 429s', measured: refusals, aim: 0, digits: 0 }),
        ]),
    ...(settled.length === 0 ? [] : [atMost({ what, measured: after, aim: 1, digits: 0 })]),
  ];
}

const figures: PaceFigures = given.shared
  ? { alone: [], ...(await shared(given.minutes)) }
  : {
      alone: await Promise.all(Array.from({ length: given.rounds }, () => alone(given.people))),
      shared: [],
      refusedOthers: 0,
    };
if (given.shared) {
  const rows = figures.shared.map((span) => [span.fromMinute, span.created, span.refusals]);
  console.log(table(['from minute', 'created', '429s'], rows));
  console.log(`\n${figures.refusedOthers} requests of the other client were refused`);
} else {
  const rows = figures.alone.map(({ people, perSecond, refusals, invites }) => {
    const share = `${((100 * perSecond) / PER_SECOND).toFixed(1)} %`;
    return [people, perSecond.toFixed(2), share, refusals, invites];
  });
  console.log(table(['people', 'accounts a second', 'share of 25', '429s', 'invites'], rows));
}
conclude({ figures, aims: aimsOf(figures) }, given);
