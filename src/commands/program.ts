import { Argument, Command, Option } from 'commander';
import { accountTypes } from '../person.ts';
import type { Io } from './context.ts';
import { dashboard } from './dashboard.ts';
import { report } from './report.ts';
import { resumeCommand } from './resume.ts';
import { run } from './run.ts';
import { sandbox } from './sandbox.ts';
import { status } from './status.ts';
import { submitCommand } from './submit.ts';
import { worker } from './worker.ts';

/** Builds the command line. `done` receives the exit status of the verb that ran. */
export function buildProgram(io: Io, done: (status: number) => void): Command {
  const program = new Command('onboard')
    .description('turns a list of people into ONLYOFFICE DocSpace accounts and one invite')
    .configureOutput({ writeOut: (s) => io.stdout.write(s), writeErr: (s) => io.stderr.write(s) })
    .exitOverride()
    .showHelpAfterError('(onboard --help lists what there is)');
  const verb = (name: string, about: string, examples: readonly string[]) =>
    program
      .command(name)
      .description(about)
      .addHelpText('after', ['', 'Examples:', ...examples.map((line) => `  $ ${line}`)].join('\n'));

  forSubmission(
    verb('run', 'validate, submit and work a list in this process, then report', [
      'onboard run people.csv',
      'onboard run staff.csv guests.json --type User --json',
      'cat people.csv | onboard run - --format csv',
    ]),
  ).action(async (files, flags) => done(await run(io, files, flags)));

  forSubmission(
    verb('submit', 'validate and submit a list for workers elsewhere; prints the batch id', [
      'REDIS_URL=redis://queue:6379 onboard submit people.csv',
    ]),
  ).action(async (files, flags) => done(await submitCommand(io, files, flags)));

  verb('worker', 'work the batches of this Redis until stopped; run as many as you like', [
    'REDIS_URL=redis://queue:6379 onboard worker',
  ])
    .option('--concurrency <n>', 'requests in flight over all workers together')
    .action(async (flags) => done(await worker(io, flags)));

  verb('dashboard', 'show the queues in a browser, read-only', [
    'onboard dashboard --port 3000',
    'DASHBOARD_HOST=0.0.0.0 DASHBOARD_USER=ops DASHBOARD_PASSWORD=… onboard dashboard',
  ])
    .option('--host <address>', 'address to listen on (DASHBOARD_HOST)')
    .option('--port <n>', 'port to listen on (DASHBOARD_PORT)')
    .action(async (flags) => done(await dashboard(io, flags)));

  verb('status', 'list the batches, or show one in numbers', [
    'onboard status',
    'onboard status b0123456789ab --json',
  ])
    .argument('[batch]', 'id of a batch')
    .option('--json', 'as JSON')
    .action(async (batch, flags) => done(await status(io, batch, flags)));

  verb('resume', 'lift a hold, once its cause is gone', ['onboard resume']).action(async () =>
    done(await resumeCommand(io)),
  );

  verb('report', 'print every row of a batch with its outcome', [
    'onboard report b0123456789ab --format csv > report.csv',
  ])
    .argument('<batch>', 'id of a batch')
    .addOption(formatOption('how to print the rows').default('csv'))
    .action(async (batch, flags) => done(await report(io, batch, flags)));

  forSandbox(
    verb('sandbox', 'start a stand-in portal on this machine, for trying out', [
      'onboard sandbox --port 8090',
      'onboard sandbox --existing already-there.txt --latency 200 --locale de',
    ]),
  ).action(async (flags) => done(await sandbox(io, flags)));
  return program;
}

function formatOption(about: string): Option {
  return new Option('--format <format>', about).choices(['csv', 'json', 'ndjson']);
}

function forSubmission(command: Command): Command {
  const types = [...accountTypes];
  return command
    .addArgument(new Argument('<file...>', 'CSV, JSON or NDJSON files; - is standard input'))
    .option('--batch <id>', 'name the batch; without it the contents and options name it')
    .addOption(new Option('--type <type>', 'account type').choices(types).default('User'))
    .addOption(
      new Option('--invite-type <type>', 'type in the invite').choices(types).default('All'),
    )
    .option('--culture <culture>', 'language of accounts and invite, as en-US')
    .addOption(formatOption('format of the files; without it the name tells'))
    .option('--delimiter <character>', 'delimiter of CSV; without it the header tells')
    .option('--max-failures <percent>', 'hold when more than this share of 50 or more failed (40)')
    .option('--invite-size <n>', 'invite in parts of n people; without it all in one request')
    .option('--json', 'print the report as one JSON object')
    .option('--strict', 'exit 3 also when rows were rejected')
    .option('--concurrency <n>', 'requests in flight over all workers together');
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
    .option('--writes-per-day <n>', 'daily limit, 0 = none', '10000');
}
