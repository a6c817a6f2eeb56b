import { Argument, type Command, Option } from 'commander';
import { OnboardError } from '../../errors.ts';
import { batchOptionNames } from '../../ledger/batch/batch-options.ts';
import { accountTypes } from '../../people/account-types.ts';
import { keepHeapSmall } from '../serve/heap.ts';
import type { PlanFlags } from '../submit/dry-run.ts';
import { addBatchFlags } from './batch-flags.ts';
import { batchName, gather } from './parsers.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that take a list of people: `check`, `run` and `submit`. */
export function addSubmissionVerbs({ verb, io, done }: Verbs): void {
  forIntake(
    verb('check', 'check whether Redis, portal and key are fit, and with files, for these', [
      'onboard check',
      'onboard check people.csv --type RoomAdmin',
    ]),
    '[file...]',
  )
    .option('--json', 'as a JSON array')
    .action(async (files, flags) => {
      const { check } = await import('../submit/check.ts');
      done(await check(io, files, flags));
    });

  const planned = async (name: 'run' | 'submit', files: string[], flags: Dry) => {
    if (flags.lookup && !flags.dryRun) throw new OnboardError('E_USAGE', LOOKUP);
    if (!flags.dryRun) return false;
    const { dryRun } = await import('../submit/dry-run.ts');
    keepHeapSmall();
    done(await dryRun(io, { verb: name, files }, flags));
    return true;
  };

  forSubmission(
    verb('run', 'validate, submit and work a list in this process, then report', [
      'onboard run people.csv',
      'onboard run people.csv --dry-run --lookup',
      'onboard run staff.csv guests.json --type User --json',
      'cat people.csv | onboard run - --format csv',
    ]),
  ).action(async (files, flags) => {
    if (await planned('run', files, flags)) return;
    const { run } = await import('../submit/run.ts');
    keepHeapSmall();
    done(await run(io, files, flags));
  });

  forSubmission(
    verb('submit', 'validate and submit a list for workers elsewhere; prints the batch id', [
      'REDIS_URL=redis://queue:6379 onboard submit people.csv',
      'onboard submit people.csv --notify https://ops.example.com/onboard',
    ]),
  ).action(async (files, flags) => {
    if (await planned('submit', files, flags)) return;
    const { submitCommand } = await import('../submit/submit.ts');
    keepHeapSmall();
    done(await submitCommand(io, files, flags));
  });
}

type Dry = PlanFlags & { dryRun?: boolean };

const LOOKUP = '--lookup belongs to a plan: use it with --dry-run';

/** Flags that decide how the files are read, and which accounts they become. */
function forIntake(command: Command, files: string): Command {
  const types = [...accountTypes];
  command
    .addArgument(new Argument(files, 'CSV, JSON, NDJSON or XLSX files; - is standard input'))
    .addOption(
      new Option('--type <type>', 'account type of people without one')
        .choices(types)
        .default('User'),
    )
    .addOption(
      new Option('--invite-type <type>', 'type in the invite').choices(types).default('All'),
    )
    .option('--culture <culture>', 'language of accounts and invite, as en-US')
    .addOption(
      new Option('--format <format>', 'format of the files; without it, by the name').choices([
        ...['csv', 'json', 'ndjson', 'xlsx'],
      ]),
    )
    .option('--delimiter <character>', 'delimiter of CSV; without it, by the header')
    .option('--sheet <name>', 'name or number of the sheet of a workbook; without it the first')
    .option('--map <header=column>', 'what an odd header means, as "E-Mail Address=email"', gather)
    .option('--only <lines>', 'only these lines, as 2-50,60,75- or staff.csv:2-50', gather);
  return addBatchFlags(command, ['inviteSize']);
}

function forSubmission(command: Command): Command {
  const others = batchOptionNames.filter((name) => name !== 'inviteSize');
  forIntake(command, '<file...>').option(
    '--batch <id>',
    'name the batch; without it, contents and options do',
    batchName,
  );
  return addBatchFlags(command, others)
    .option('--dry-run', 'say what would happen, and write nothing')
    .option('--lookup', 'with --dry-run: ask the portal who has an account already')
    .option('--plan <id>', 'submit only if everything is as --dry-run found it')
    .option('--no-check', 'do not check Redis and the portal first')
    .option('--notify <url>', 'notify this address when the batch is finished, held or cancelled')
    .option('--json', 'print the report as one JSON object')
    .option('--strict', 'also exit 3 when rows were rejected')
    .option('--concurrency <n>', 'requests in flight over all workers together');
}
