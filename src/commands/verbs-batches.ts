import { report } from './report.ts';
import { status } from './status.ts';
import { formatOption, type Verbs } from './verbs.ts';

/** The verbs about batches that are there: `status`, `report`. */
export function addBatchVerbs({ verb, io, done }: Verbs): void {
  verb('status', 'list the batches, or show one in numbers', [
    'onboard status',
    'onboard status b0123456789ab --json',
  ])
    .argument('[batch]', 'id of a batch')
    .option('--json', 'as JSON')
    .action(async (batch, flags) => done(await status(io, batch, flags)));

  verb('report', 'print every row of a batch with its outcome', [
    'onboard report b0123456789ab --format csv > report.csv',
  ])
    .argument('<batch>', 'id of a batch')
    .addOption(formatOption('how to print the rows').default('csv'))
    .action(async (batch, flags) => done(await report(io, batch, flags)));
}
