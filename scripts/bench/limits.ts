// 300 and 2,000 people against the sandbox at the documented limits: the documented sample's algorithm and
// `onboard run`. The rounds of `onboard run` go at the same time, each on a sandbox of its own: they wait
// most of the time. Usage: npm run bench:limits -- [--rounds N] [--quick]
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { conclude } from './aims.ts';
import { COMMON, countOf, orExit } from './flags.ts';
import {
  CLI,
  type Finished,
  inFolder,
  median,
  type PortalState,
  peopleCsv,
  runNode,
  startSandbox,
  table,
} from './processes.ts';

const given = orExit(() => {
  const { values } = parseArgs({ options: COMMON });
  return { ...values, rounds: values.quick ? 1 : countOf('--rounds', values.rounds) };
});

const ALLOWED_PER_SECOND = 1500 / 60;

/** A running 3.7.2 server took 142 ms for a creation; 20 ms shows what a faster one would change. */
const SIZES = [
  { people: given.quick ? 30 : 300, latencyMs: 142 },
  { people: given.quick ? 60 : 2000, latencyMs: 20 },
];

/** Cells of a size, medians of its rounds. */
export interface LimitsFigures {
  head: string[];
  sizes: { people: number; latencyMs: number; rows: (string | number)[][]; share: number }[];
}

interface Row {
  name: string;
  finished: Finished;
  state: PortalState;
}

type Run = (portal: { url: string; key: string }, dir: string) => Promise<Finished>;

async function measure(name: string, size: (typeof SIZES)[number], run: Run): Promise<Row> {
  return inFolder(async (dir) => {
    await writeFile(join(dir, 'people.csv'), peopleCsv(size.people));
    const sandbox = await startSandbox([], size.latencyMs);
    try {
      const finished = await run(sandbox, dir);
      return { name, finished, state: await sandbox.state() };
    } finally {
      await sandbox.stop();
    }
  });
}

const example: Run = ({ url, key }, dir) =>
  runNode([join(import.meta.dirname, 'example.js'), join(dir, 'people.csv'), url, key], {});
const ours: Run = ({ url, key }, dir) =>
  runNode([CLI, 'run', join(dir, 'people.csv'), '--json'], {
    DOCSPACE_URL: url,
    DOCSPACE_API_KEY: key,
    ONBOARD_DATA_DIR: join(dir, 'data'),
  });

/** Medians of all rounds; the larger figures of a limit are in the same columns. */
function cells(rounds: readonly Row[]): (string | number)[] {
  const [name = ''] = rounds.map((row) => row.name);
  const mid = (pick: (row: Row) => number) => median(rounds.map(pick));
  return [
    name,
    mid(({ state }) => state.accounts.length),
    mid(({ state }) => state.accounts.filter(({ type }) => type === 'RoomAdmin').length),
    mid(invitedIn),
    mid((row) => row.state.accounts.length - invitedIn(row)),
    `${mid(refused('concurrency'))} + ${mid(refused('sliding'))}`,
    mid(({ state }) => state.mostInFlight.write),
    mid(({ state }) => state.mostPerMinute),
    mid(({ finished }) => finished.seconds).toFixed(1),
    Math.round(mid(({ finished }) => finished.peakMiB)),
  ];
}

const refused = (limiter: string) => (row: Row) => row.state.rejectedByLimiter[limiter] ?? 0;

function invitedIn({ state }: Row): number {
  return new Set(state.acceptedInvites.flatMap((invite) => invite.emails)).size;
}

/** Creations a second between the first and the last, % of the limit. */
function share({ state }: Row): number {
  const times = state.accounts.map((account) => account.registeredAt).sort((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  return (100 * (times.length - 1)) / seconds / ALLOWED_PER_SECOND;
}

const head = [
  'algorithm',
  'accounts',
  'of them room admins',
  'invited',
  'created, never invited',
  '429s (concurrency + rate)',
  'most writes at once',
  'most requests in 60 s',
  'seconds',
  'peak MiB (node)',
];
const each = Array.from({ length: given.rounds });
const sizes: LimitsFigures['sizes'] = [];
for (const size of SIZES) {
  const samples: Row[] = [];
  for (const _ of each) samples.push(await measure('documented sample', size, example));
  const runs = await Promise.all(each.map(() => measure('onboard run', size, ours)));
  const failed = runs.find(({ finished }) => finished.code !== 0);
  if (failed) throw new Error(failed.finished.stderr);
  const rows = [cells(samples), cells(runs)];
  sizes.push({ ...size, rows, share: median(runs.map(share)) });
  console.log(`${size.people} people, ${size.latencyMs} ms a request:\n`);
  console.log(`${table(head, rows)}\n`);
}
conclude({ figures: { head, sizes } satisfies LimitsFigures, aims: [] }, given);
