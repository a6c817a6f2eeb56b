import { Argument, type Command, Option } from 'commander';
import { accountTypes } from '../account-types.ts';
import { OnboardError } from '../errors.ts';
import { keepHeapSmall } from './heap.ts';
import type { PlanFlags } from './plan.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that take a list of people: `check`, `run` and `submit`. */
export function addSubmissionVerbs({ verb, io, done }: Verbs): void {
  forIntake(
    verb('check', 'ask whether Redis, portal and key are fit, with files also for these', [
      'onboard check',
      'onboard check people.csv --type RoomAdmin',
    ]),
    '[file...]',
  )
    .option('--json', 'as a JSON array')
    .action(async (files, flags) => {
      const { check } = await import('./check.ts');
      done(await check(io, files, flags));
    });

  const planned = async (name: 'run' | 'submit', files: string[], flags: Dry) => {
    if (flags.lookup && !flags.dryRun) throw new OnboardError('E_USAGE', LOOKUP);
    if (!flags.dryRun) return false;
    const { dryRun } = await import('./plan.ts');
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
    if (await planned('submit', files, flags)) return;
    const { submitCommand } = await import('./submit.ts');
    keepHeapSmall();
    done(await submitCommand(io, files, flags));
  });
}

/** Of a flag that may be given several times. */
function gather(value: string, before: string[] = []): string[] {
  return [...before, value];
}

type Dry = PlanFlags & { dryRun?: boolean };

const LOOKUP = '--lookup asks the portal for a plan: use it with --dry-run';

/** What decides how the files are read, and which accounts they become. */
function forIntake(command: Command, files: string): Command {
  const types = [...accountTypes];
  return command
    .addArgument(new Argument(files, 'CSV, JSON, NDJSON or XLSX files; - is standard input'))
    .addOption(new Option('--type <type>', 'account type').choices(types).default('User'))
    .addOption(
      new Option('--invite-type <type>', 'type in the invite').choices(types).default('All'),
    )
    .option('--culture <culture>', 'language of accounts and invite, as en-US')
    .addOption(
      new Option('--format <format>', 'format of the files; without it the name tells').choices([
        ...['csv', 'json', 'ndjson', 'xlsx'],
      ]),
    )
    .option('--delimiter <character>', 'delimiter of CSV; without it the header tells')
    .option('--sheet <name>', 'name or number of the sheet of a workbook; without it the first')
    .option('--map <header=column>', 'what an odd header means, as "E-Mail Address=email"', gather)
    .option('--only <lines>', 'only these lines, as 2-50,60,75- or staff.csv:2-50', gather)
    .option('--invite-size <n>', 'invite in parts of n people; without it all in one request');
}

function forSubmission(command: Command): Command {
  return forIntake(command, '<file...>')
    .option('--batch <id>', 'name the batch; without it the contents and options name it')
    .option('--max-failures <percent>', 'hold when more than this share of 50 or more failed (40)')
    .option('--limit <n>', 'only the first n people now; the others with onboard continue')
    .option('--hold-invite', 'the invite waits for onboard invite')
    .option('--invite-at <time>', 'the invite waits for this time, as 2026-12-01T08:00+01:00')
    .option('--min-created <percent>', 'the invite waits when fewer people have an account')
    .option('--dry-run', 'say what would happen, and write nothing')
    .option('--lookup', 'with --dry-run: ask the portal who is there already')
    .option('--plan <id>', 'submit only if all is as --dry-run found it')
    .option('--no-check', 'do not ask Redis and the portal first whether they are fit')
    .option('--notify <url>', 'tell this address when the batch is finished, held or cancelled')
    .option('--json', 'print the report as one JSON object')
    .option('--strict', 'exit 3 also when rows were rejected')
    .option('--concurrency <n>', 'requests in flight over all workers together');
}
