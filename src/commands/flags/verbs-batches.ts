import { Option } from 'commander';
import { rowStates } from '../../ledger/rows/row-state.ts';
import { choiceList, wholeNumber } from './parsers.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that show batches: `status`, `watch`, `report`. */
export function addBatchVerbs({ verb, run }: Verbs): void {
  verb('status', 'list the batches, or show everything about one', [
    'onboard status',
    'onboard status b0123456789ab --json',
  ])
    .argument('[batch]', 'id of a batch')
    .option('--all', 'list all batches, not only the newest 50')
    .option('--json', 'as JSON')
    .action(run(async () => (await import('../follow/status.ts')).status));

  verb('watch', 'show a batch live, from any terminal, until it is over', [
    'onboard watch b0123456789ab',
    'onboard watch b0123456789ab --json > end.json',
  ])
    .argument('<batch>', 'id of a batch')
    .option('--json', 'print only the end, as one JSON object')
    .action(run(async () => (await import('../follow/watch.ts')).watchCommand));

  const formats = new Option('--format <format>', 'how to print the rows');
  const states = new Option('--state <state...>', 'only rows in these states, also as a,b');
  const json = new Option('--json', 'as --format json');
  const lists = ['failed', 'rejected'];
  verb('report', 'print the rows of a batch with their outcomes, or those to correct', [
    'onboard report b0123456789ab --format csv > report.csv',
    'onboard report b0123456789ab --failed > correct.csv',
    'onboard report b0123456789ab --state created existing --limit 100',
  ])
    .argument('<batch>', 'id of a batch')
    .addOption(formats.choices(['csv', 'json', 'ndjson']).default('csv'))
    .addOption(json.conflicts('format'))
    .option('--failed', 'people who failed, as a list to correct and submit again')
    .option('--rejected', 'people who were rejected, as a list to correct and submit again')
    .addOption(states.choices(rowStates).argParser(choiceList(rowStates)).conflicts(lists))
    .addOption(
      new Option('--role-differs', 'accounts with another role than asked').conflicts(lists),
    )
    .addOption(
      new Option('--not-invitable', 'created people whom the invite does not take').conflicts(
        lists,
      ),
    )
    .addOption(new Option('--unmailed', 'created people who perhaps had no mail').conflicts(lists))
    .option('--limit <n>', 'at most n rows; says where the next ones begin', wholeNumber(1))
    .option('--offset <row>', 'begin at this row of the input, counted from 0', wholeNumber(0))
    .action(run(async () => (await import('../rows/report.ts')).report));
}
