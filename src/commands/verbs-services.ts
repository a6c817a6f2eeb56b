import { type Command, Option } from 'commander';
import { keepHeapSmall } from './heap.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that run until they are stopped: `worker`, `dashboard` and `sandbox`. */
export function addServiceVerbs({ verb, io, done }: Verbs): void {
  verb('worker', 'work the batches of this Redis until stopped; run as many as you like', [
    'REDIS_URL=redis://queue:6379 onboard worker',
  ])
    .option('--concurrency <n>', 'requests in flight over all workers together')
    .action(async (flags) => {
      const { worker } = await import('./worker.ts');
      keepHeapSmall();
      done(await worker(io, flags));
    });

  verb('dashboard', 'show the queues in a browser, read-only', [
    'onboard dashboard --port 3000',
    'DASHBOARD_HOST=0.0.0.0 DASHBOARD_USER=ops DASHBOARD_PASSWORD=… onboard dashboard',
  ])
    .option('--host <address>', 'address to listen on (DASHBOARD_HOST)')
    .option('--port <n>', 'port to listen on (DASHBOARD_PORT)')
    .action(async (flags) => {
      const { dashboard } = await import('./dashboard.ts');
      keepHeapSmall();
      done(await dashboard(io, flags));
    });

  forSandbox(
    verb('sandbox', 'start a stand-in portal on this machine, for trying out', [
      'onboard sandbox --port 8090',
      'onboard sandbox --existing already-there.txt --latency 200 --locale de',
      `onboard sandbox --seed 7 --faults '{"create":{"resetAfter":0.05}}'`,
    ]),
  ).action(async (flags) => {
    const { sandbox } = await import('./sandbox.ts');
    keepHeapSmall();
    done(await sandbox(io, flags));
  });
}

function forSandbox(command: Command): Command {
  return command
    .option('--port <n>', 'port to listen on; 0 takes a free one', '0')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--key <key...>', 'API keys it takes; without it one demo key')
    .option('--existing <file>', 'addresses that are on the portal already')
    .option('--latency <ms>', 'time each request takes', '20')
    .addOption(
      new Option('--locale <locale>', 'language of messages').choices(['en', 'de']).default('en'),
    )
    .option('--requests-per-minute <n>', 'sliding limit, 0 = none', '1500')
    .option('--writers <n>', 'writes at a time, 0 = no limit', '15')
    .option('--readers <n>', 'reads at a time, 0 = no limit', '50')
    .option('--writes-per-day <n>', 'daily limit, 0 = none', '10000')
    .option('--faults <json>', 'what goes wrong, as JSON or @ and the name of a file with it')
    .option('--seed <n>', 'seed of chance: the same requests then meet the same faults', '1');
}
