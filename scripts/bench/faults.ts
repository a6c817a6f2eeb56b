// 2,000 people while 3 % of the creations fail with 500 before and 2 % after the account exists, and
// 2 % of the connections break after it: the documented sample's algorithm and `onboard run`, at the
// documented limits and without limits. Usage: npm run bench:faults
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CLI,
  type Finished,
  inFolder,
  type Portal,
  type PortalState,
  peopleCsv,
  runNode,
  startSandbox,
  table,
  takesNoArguments,
  UNLIMITED,
} from './processes.ts';

takesNoArguments();

const PEOPLE = 2000;
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

function cells(name: string, run: Run): unknown[] {
  const { accounts, acceptedInvites } = run.state;
  const invited = new Set(acceptedInvites.flatMap((invite) => invite.emails)).size;
  const never = accounts.length - invited;
  const seconds = run.finished.seconds.toFixed(1);
  return [name, accounts.length, known(run), invited, never, acceptedInvites.length, seconds];
}

const head = ['run', 'created', 'known', 'invited', 'never invited', 'invites', 'seconds'];
const rows = [
  cells('sample, documented limits', await sample([])),
  cells('onboard run, documented limits', await ours([], {})),
  cells('sample, no limits', await sample(UNLIMITED)),
  cells('onboard run, no limits', await ours(UNLIMITED, { ONBOARD_REQUESTS_PER_MINUTE: '0' })),
];
console.log(table(head, rows));
const isAll = ([, ...counts]: unknown[]) => counts.slice(0, 3).every((count) => count === PEOPLE);
if (!rows.filter(([name]) => String(name).startsWith('onboard')).every(isAll)) process.exitCode = 1;
