// Cost of a change: `onboard run` of 2,000 people without faults, without a rate limit and with a
// fixed number of requests in flight, by this build and by another one, alternating.
// Usage: npm run bench:cost -- path/to/other/dist/cli.js
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  CLI,
  inFolder,
  median,
  peopleCsv,
  runNode,
  startSandbox,
  table,
  UNLIMITED,
} from './processes.ts';

const PEOPLE = 2000;
const ROUNDS = 5;

/** Accounts a second between the first and the last creation. */
async function throughput(cli: string): Promise<number> {
  return inFolder(async (dir) => {
    await writeFile(join(dir, 'people.csv'), peopleCsv(PEOPLE));
    const sandbox = await startSandbox(UNLIMITED);
    try {
      const finished = await runNode([cli, 'run', join(dir, 'people.csv')], {
        DOCSPACE_URL: sandbox.url,
        DOCSPACE_API_KEY: sandbox.key,
        ONBOARD_DATA_DIR: join(dir, 'data'),
        ONBOARD_REQUESTS_PER_MINUTE: '0',
      });
      if (finished.code !== 0) throw new Error(finished.stderr);
      const times = (await sandbox.state()).accounts.map((account) => account.registeredAt);
      return (1000 * (times.length - 1)) / (Math.max(...times) - Math.min(...times));
    } finally {
      await sandbox.stop();
    }
  });
}

const [other = '', ...rest] = process.argv.slice(2);
if (!existsSync(other) || rest.length > 0) {
  console.error('name the cli.js of another build, and nothing else');
  process.exit(2);
}
const runs: Record<'this build' | 'other build', number[]> = {
  'this build': [],
  'other build': [],
};
for (let round = 0; round < ROUNDS; round += 1) {
  runs['other build'].push(await throughput(resolve(other)));
  runs['this build'].push(await throughput(CLI));
}
const rows = Object.entries(runs).map(([name, values]) => [
  name,
  values.map((value) => value.toFixed(1)).join(', '),
  median(values).toFixed(1),
]);
console.log(table(['build', 'accounts a second', 'median'], rows));
const ratio = median(runs['this build']) / median(runs['other build']);
console.log(`\nthis build at ${(100 * ratio).toFixed(1)} % of the other`);
