import { Argument, type Command, Option } from 'commander';
import { OnboardError } from '../../errors.ts';
import { batchOptionNames } from '../../ledger/batch/batch-options.ts';
import { accountTypes } from '../../people/account-types.ts';
import { groupModes } from '../../people/groups.ts';
import type { Io } from '../io.ts';
import type { SubmissionFlags } from '../submit/prepare.ts';
import { addBatchFlags } from './batch-flags.ts';
import { accountTypeList, batchName, gather, viaRole } from './parsers.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that take a list of people: `check`, `run` and `submit`. */
export function addSubmissionVerbs({ verb, run, runLong }: Verbs): void {
  const orPlan = (name: 'run' | 'submit', load: () => Promise<Submit>) =>
    runLong(async (_: string[], flags: SubmissionFlags): Promise<Submit> => {
      if (!flags.dryRun && flags.lookup) throw new OnboardError('E_USAGE', LOOKUP);
      if (!flags.dryRun) return load();
      const { dryRun } = await import('../submit/dry-run.ts');
      return (io, files) => dryRun(io, { verb: name, files }, flags);
    });

  forIntake(
    verb('check', 'check whether Redis, portal and key are fit, and with files, for these', [
      'onboard check',
      'onboard check people.csv --type RoomAdmin',
    ]),
    '[file...]',
  )
    .option('--json', 'as a JSON array')
    .action(run(async () => (await import('../submit/check.ts')).check));

  forSubmission(
    verb('run', 'validate, submit and work a list in this process, then report', [
      'onboard run people.csv',
      'onboard run people.csv --dry-run --lookup',
      'onboard run staff.csv guests.json --type User --json',
      'cat people.csv | onboard run - --format csv',
    ]),
  )
    .option('--resume', 'lift a hold or a pause first; without REDIS_URL run always does')
    .action(orPlan('run', async () => (await import('../submit/run.ts')).run));

  forSubmission(
    verb('submit', 'validate and submit a list for workers elsewhere; prints the batch id', [
      'REDIS_URL=redis://queue:6379 onboard submit people.csv',
      'onboard submit people.csv --notify https://ops.example.com/onboard',
    ]),
  )
    .addOption(new Option('--folder <folder>', 'folder of the files').hideHelp())
    .addOption(new Option('--via <program/role>', 'who submits').argParser(viaRole).hideHelp())
    .action(orPlan('submit', async () => (await import('../submit/submit.ts')).submitCommand));
}

type Submit = (io: Io, files: string[], flags: SubmissionFlags) => Promise<number>;

const LOOKUP = '--lookup belongs to a plan: use it with --dry-run';

/** Flags that decide how the files are read, and which accounts they become. */
function forIntake(command: Command, files: string): Command {
  const type = new Option('--type <type>', 'account type of people without one');
  const allowed = new Option(
    '--allow-types <types>',
    'types that rows may name besides --type, as A,B',
  );
  const inviteType = new Option('--invite-type <type>', 'type in the invite');
  const groups = new Option('--groups <how>', 'what unknown names of groups lead to (existing)');
  const format = new Option('--format <format>', 'format of the files; without it, by the name');
  command
    .addArgument(new Argument(files, 'CSV, JSON, NDJSON or XLSX files; - is standard input'))
    .addOption(type.choices(accountTypes).default('User'))
    .addOption(allowed.argParser(accountTypeList))
    .addOption(inviteType.choices(accountTypes).default('All'))
    .option('--culture <culture>', 'language of accounts and invite, as en-US')
    .addOption(groups.choices(groupModes))
    .option('--group <name>', 'a group for everybody, by its name or its id', gather)
    .option('--join-existing', 'add people who have an account already to their groups, too')
    .addOption(format.choices(['csv', 'json', 'ndjson', 'xlsx']))
    .option('--delimiter <character>', 'delimiter of CSV; without it, by the header')
    .option(
      '--sheet <name>',
      'name or number of the sheet of a workbook; without it the first with a header',
    )
    .option('--map <header=column>', 'what an odd header means, as "E-Mail Address=email"', gather)
    .option('--ignore <header>', 'do not read this column', gather)
    .option('--split-name <order>', 'divide whole names: "first last" or "last, first"')
    .option('--encoding <name>', 'encoding of text, as windows-1252; without it, by the bytes')
    .option('--at <path>', 'JSON: the array inside an object, as users')
    .option('--only <lines>', 'only these lines, as 2-50,60,75- or staff.csv:2-50', gather);
  return addBatchFlags(command, ['inviteSize']);
}

/** Flags of a submission: those of its intake, of its batch, and of the verb itself. */
function forSubmission(command: Command): Command {
  const others = batchOptionNames.filter((name) => name !== 'inviteSize');
  const about = 'name the batch; without it, contents and options do';
  forIntake(command, '<file...>').option('--batch <id>', about, batchName);
  return addBatchFlags(command, others)
    .option('--dry-run', 'say what would happen, and write nothing')
    .option('--lookup', 'with --dry-run: ask the portal who has an account already')
    .option('--plan <id>', 'submit only if everything is as --dry-run found it')
    .option('--no-check', 'do not check Redis and the portal first')
    .option('--notify <url>', 'notify this address of the end, of holds and of waits for a person')
    .option('--no-notify', 'notify nobody, whatever ONBOARD_NOTIFY_URL says')
    .option('--json', 'print the report as one JSON object')
    .option('--strict', 'also exit 3 when rows were rejected')
    .option('--concurrency <n>', 'requests in flight over all workers together');
}
