// 2,000 people while 3 % of the creations fail with 500 before and 2 % after the account exists, and
// 2 % of the connections break after it: the documented sample's algorithm and `onboard run`, at the
// documented limits and without limits; rounds of one kind go at the same time where they wait.
// Usage: npm run bench:faults -- [--rounds N] [--quick]
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { atLeast, conclude } from './aims.ts';
import { COMMON, countOf, orExit } from './flags.ts';
import {
  CLI,
  type Finished,
  inFolder,
  median,
  type Portal,
  type PortalState,
  peopleCsv,
  runNode,
  startSandbox,
  table,
  UNLIMITED,
} from './processes.ts';

const given = orExit(() => {
  const { values } = parseArgs({ options: COMMON });
  return { ...values, rounds: values.quick ? 1 : countOf('--rounds', values.rounds) };
});

const PEOPLE = given.quick ? 60 : 2000;

/** Cells of each run, medians of its rounds. */
export interface FaultsFigures {
  head: string[];
  rows: (string | number)[][];
}

const FAULTS = { create: { error500Before: 0.03, error500After: 0.02, resetAfter: 0.02 } };

interface Run {
  finished: Finished;
  state: PortalState;
}

async function measure(
  flags: readonly string[],
  run: (portal: Portal, dir: string) => Promise<Finished>,
): Promise<Run> {
  return inFolder(async (dir) => {
    await writeFile(join(dir, 'people.csv'), peopleCsv(PEOPLE));
    const sandbox = await startSandbox(flags);
    try {
      await sandbox.setFaults(FAULTS);
      const finished = await run(sandbox, dir);
      return { finished, state: await sandbox.state() };
    } finally {
      await sandbox.stop();
    }
  });
}

function sample(flags: readonly string[]): Promise<Run> {
  const script = join(import.meta.dirname, 'example.js');
  return measure(flags, ({ url, key }, dir) =>
    runNode([script, join(dir, 'people.csv'), url, key], {}),
  );
}

function ours(flags: readonly string[], env: Record<string, string>): Promise<Run> {
  return measure(flags, ({ url, key }, dir) =>
    runNode([CLI, 'run', join(dir, 'people.csv'), '--json'], {
      DOCSPACE_URL: url,
      DOCSPACE_API_KEY: key,
      ONBOARD_DATA_DIR: join(dir, 'data'),
      ...env,
    }),
  );
}

/** Number of creations that the program itself reports. */
function known({ finished }: Run): number {
  return Number(JSON.parse(finished.stdout).created);
}

/** Numbers of one run in the order of the table, seconds last. */
function numbers(run: Run): number[] {
  const { accounts, acceptedInvites } = run.state;
  const invited = new Set(acceptedInvites.flatMap((invite) => invite.emails)).size;
  const never = accounts.length - invited;
  return [
    accounts.length,
    known(run),
    invited,
    never,
    acceptedInvites.length,
    run.finished.seconds,
  ];
}

/** Medians of the rounds of one kind of run. */
function cells(name: string, rounds: readonly Run[]): (string | number)[] {
  const all = rounds.map(numbers);
  const medians = (all[0] ?? []).map((_, at) => median(all.map((each) => each[at] ?? 0)));
  return [name, ...medians.slice(0, -1), (medians.at(-1) ?? 0).toFixed(1)];
}

async function inTurn(run: () => Promise<Run>): Promise<Run[]> {
  const runs: Run[] = [];
  for (let round = 0; round < given.rounds; round += 1) runs.push(await run());
  return runs;
}

const together = (run: () => Promise<Run>) =>
  Promise.all(Array.from({ length: given.rounds }, run));

const head = ['run', 'created', 'known', 'invited', 'never invited', 'invites', 'seconds'];
const limited = await together(() => ours([], {}));
const free = await together(() => ours(UNLIMITED, { ONBOARD_REQUESTS_PER_MINUTE: '0' }));
const rows = [
  cells('sample, documented limits', await inTurn(() => sample([]))),
  cells('onboard run, documented limits', limited),
  cells('sample, no limits', await inTurn(() => sample(UNLIMITED))),
  cells('onboard run, no limits', free),
];
console.log(table(head, rows));
const fewest = Math.min(...[...limited, ...free].flatMap((run) => numbers(run).slice(0, 3)));
const what = 'faults: created, known and invited by onboard run';
const aims = [atLeast({ what, measured: fewest, aim: PEOPLE, digits: 0 })];
conclude({ figures: { head, rows } satisfies FaultsFigures, aims }, given);
