import { Argument, Option } from 'commander';
import { consoleRoles } from '../../config/console-forms.ts';
import { commaList, wholeNumber } from './parsers.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that run until they are interrupted: `worker`, `console`, `dashboard` and `sandbox`. */
export function addServiceVerbs({ verb, runLong }: Verbs): void {
  verb('worker', 'work the batches of this Redis until interrupted; run as many as you like', [
    'REDIS_URL=redis://queue:6379 onboard worker',
  ])
    .option('--concurrency <n>', 'requests in flight over all workers together')
    .action(runLong(async () => (await import('../serve/serve-worker.ts')).worker));

  const what = new Argument(
    '[what]',
    'link prints a new code; user makes a line of the users file',
  );
  const role = new Option('--role <role>', 'what the code or the user may do; a code: operator');
  verb('console', 'show batches in a browser, and change them there', [
    'onboard console',
    'onboard console link --role admin',
    'onboard console user ana --role operator >> users',
  ])
    .addArgument(what.choices(['link', 'user']))
    .argument('[name]', 'name of the user')
    .option('--host <address>', 'address to listen on (CONSOLE_HOST)')
    .option('--port <n>', 'port to listen on (CONSOLE_PORT)')
    .addOption(role.choices(consoleRoles))
    .action(runLong(async () => (await import('../serve/console-verb.ts')).consoleVerb));

  verb('dashboard', 'show the queues in a browser, read-only', [
    'onboard dashboard --port 3000',
    'DASHBOARD_HOST=0.0.0.0 DASHBOARD_USER=ops DASHBOARD_PASSWORD=… onboard dashboard',
  ])
    .option('--host <address>', 'address to listen on (DASHBOARD_HOST)')
    .option('--port <n>', 'port to listen on (DASHBOARD_PORT)')
    .action(runLong(async () => (await import('../serve/serve-dashboard.ts')).dashboard));

  const locale = new Option('--locale <locale>', 'language of messages');
  verb('sandbox', 'start a stand-in portal on this machine, for trying out', [
    'onboard sandbox --port 8090',
    'onboard sandbox --existing already-there.txt --latency 200 --locale de',
    `onboard sandbox --seed 7 --faults '{"create":{"resetAfter":0.05}}'`,
  ])
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--key <key...>', 'API keys it accepts; without it one demo key', commaList)
    .option('--existing <file>', 'addresses that are on the portal already')
    .option('--existing-groups <name...>', 'groups that are on the portal already')
    .option('--latency <ms>', 'time each request takes', wholeNumber(0), 20)
    .addOption(locale.choices(['en', 'de']).default('en'))
    .option('--requests-per-minute <n>', 'sliding limit, 0 = none', wholeNumber(0), 1500)
    .option('--writers <n>', 'concurrent writes, 0 = no limit', wholeNumber(0), 15)
    .option('--readers <n>', 'concurrent reads, 0 = no limit', wholeNumber(0), 50)
    .option('--writes-per-day <n>', 'daily limit, 0 = none', wholeNumber(0), 10_000)
    .option('--faults <json>', 'what goes wrong, as JSON or @ and the name of a file with it')
    .option('--seed <n>', 'random seed: the same requests meet the same faults', wholeNumber(0), 1)
    .action(runLong(async () => (await import('../serve/serve-sandbox.ts')).sandbox));
}
