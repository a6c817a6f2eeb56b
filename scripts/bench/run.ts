// 300 and 2,000 people against the sandbox at the documented limits: the documented sample's algorithm and
// `onboard run`, one after the other in one run. Usage: npm run bench
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CLI,
  type Finished,
  inFolder,
  type PortalState,
  peopleCsv,
  runNode,
  startSandbox,
  table,
  takesNoArguments,
} from './processes.ts';

takesNoArguments();

const ALLOWED_PER_SECOND = 1500 / 60;

/** A running 3.7.2 server took 142 ms for a creation; 20 ms shows what a faster one would change. */
const SIZES = [
  { people: 300, latencyMs: 142 },
  { people: 2000, latencyMs: 20 },
];

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

function cells({ name, finished, state }: Row): unknown[] {
  const invited = new Set(state.acceptedInvites.flatMap((invite) => invite.emails)).size;
  const { sliding = 0, concurrency = 0 } = state.rejectedByLimiter;
  return [
    name,
    state.accounts.length,
    state.accounts.filter(({ type }) => type === 'RoomAdmin').length,
    invited,
    state.accounts.length - invited,
    `${concurrency} + ${sliding}`,
    state.mostInFlight.write,
    state.mostPerMinute,
    finished.seconds.toFixed(1),
    Math.round(finished.peakMiB),
  ];
}

/** Creations a second between the first and the last, compared with the limit. */
function share({ state }: Row): string {
  const times = state.accounts.map((account) => account.registeredAt).sort((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  const perSecond = (times.length - 1) / seconds;
  const percent = (100 * perSecond) / ALLOWED_PER_SECOND;
  return `${perSecond.toFixed(2)} accounts a second, ${percent.toFixed(1)} % of the allowed 25`;
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
for (const size of SIZES) {
  const sample = await measure('documented sample', size, example);
  const run = await measure('onboard run', size, ours);
  console.log(`${size.people} people, ${size.latencyMs} ms a request:\n`);
  console.log(table(head, [cells(sample), cells(run)]));
  console.log(`\nonboard run: ${share(run)}; exit ${run.finished.code}\n`);
}
