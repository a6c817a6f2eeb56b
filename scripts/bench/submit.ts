// `onboard submit` of 100,000 rows (read, validate, ledger, queue) and one FlowProducer.add of
// the same flow (queue only), alternating, three rounds. Usage: npm run bench:submit
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import {
  CLI,
  type Finished,
  inFolder,
  median,
  peopleCsv,
  runNode,
  startRedis,
  table,
  takesNoArguments,
  usedMemory,
} from './processes.ts';

takesNoArguments();

const ROWS = 100_000;
const ROUNDS = 3;
const PORT = 7399;

interface Measured extends Finished {
  bytesPerRow: number;
}

async function onFreshRedis(
  dir: string,
  run: (url: string) => Promise<Finished>,
): Promise<Measured> {
  await mkdir(dir);
  const server = await startRedis(dir, PORT);
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  try {
    const before = await usedMemory(redis);
    const finished = await run(server.url);
    if (finished.code !== 0) throw new Error(finished.stderr);
    return { ...finished, bytesPerRow: ((await usedMemory(redis)) - before) / ROWS };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

function cells(name: string, runs: readonly Measured[]): unknown[] {
  const seconds = median(runs.map((run) => run.seconds));
  return [
    name,
    runs.map((run) => run.seconds.toFixed(1)).join(', '),
    seconds.toFixed(1),
    Math.round(ROWS / seconds),
    Math.round(Math.max(...runs.map((run) => run.peakMiB))),
    Math.round(median(runs.map((run) => run.bytesPerRow))),
  ];
}

await inFolder(async (dir) => {
  const file = join(dir, 'people.csv');
  await writeFile(file, peopleCsv(ROWS));
  const ours: Measured[] = [];
  const rival: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const env = (url: string) => ({ REDIS_URL: url, DOCSPACE_URL: 'http://127.0.0.1:9' });
    ours.push(
      await onFreshRedis(join(dir, `ours-${round}`), (url) =>
        runNode([CLI, 'submit', file], env(url)),
      ),
    );
    const script = join(import.meta.dirname, 'one-flow.js');
    rival.push(
      await onFreshRedis(join(dir, `rival-${round}`), (url) =>
        runNode([script, url, String(ROWS)], {}),
      ),
    );
  }
  const head = ['producer', 'seconds', 'median', 'rows/s', 'peak MiB', 'Redis bytes a row'];
  const rows = [cells('onboard submit', ours), cells('one FlowProducer.add', rival)];
  console.log(table(head, rows));
  const ratio = median(rival.map((run) => run.seconds)) / median(ours.map((run) => run.seconds));
  console.log(`\nonboard submit is ${ratio.toFixed(2)} times as fast`);
});
