import { Argument, type Command, Option } from 'commander';
import { accountTypes } from '../account-types.ts';
import { keepHeapSmall } from './heap.ts';
import { formatOption, type Verbs } from './verbs.ts';

/** The verbs that take a list of people: `run` and `submit`. */
export function addSubmissionVerbs({ verb, io, done }: Verbs): void {
  forSubmission(
    verb('run', 'validate, submit and work a list in this process, then report', [
      'onboard run people.csv',
      'onboard run staff.csv guests.json --type User --json',
      'cat people.csv | onboard run - --format csv',
    ]),
  ).action(async (files, flags) => {
    const { run } = await import('./run.ts');
    keepHeapSmall();
    done(await run(io, files, flags));
  });

  forSubmission(
    verb('submit', 'validate and submit a list for workers elsewhere; prints the batch id', [
      'REDIS_URL=redis://queue:6379 onboard submit people.csv',
      'onboard submit people.csv --notify https://ops.example.com/onboard',
    ]),
  ).action(async (files, flags) => {
    const { submitCommand } = await import('./submit.ts');
    keepHeapSmall();
    done(await submitCommand(io, files, flags));
  });
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
    .option('--limit <n>', 'only the first n people now; the others with onboard continue')
    .option('--hold-invite', 'the invite waits for onboard invite')
    .option('--invite-at <time>', 'the invite waits for this time, as 2026-12-01T08:00+01:00')
    .option('--min-created <percent>', 'the invite waits when fewer people have an account')
    .option('--invite-size <n>', 'invite in parts of n people; without it all in one request')
    .option('--notify <url>', 'tell this address when the batch is finished, held or cancelled')
    .option('--json', 'print the report as one JSON object')
    .option('--strict', 'exit 3 also when rows were rejected')
    .option('--concurrency <n>', 'requests in flight over all workers together');
}
