import { age, wholeNumber } from './parsers.ts';
import type { Verbs } from './verbs.ts';

/** The verbs about stored data: `log`, `purge`. */
export function addKeepVerbs({ verb, io, done }: Verbs): void {
  verb('log', 'list who did what to the batches, newest first', [
    'onboard log',
    'onboard log b0123456789ab --limit 5 --json',
  ])
    .argument('[batch]', 'id of a batch, also of a purged one')
    .option('--limit <n>', 'number of entries', wholeNumber(1, 99_999), 50)
    .option('--json', 'as a JSON array')
    .action(async (batch, flags) => {
      const { logCommand } = await import('../keep/log.ts');
      done(await logCommand(io, batch, flags));
    });

  verb('purge', 'remove stored batches that are over, or only their names and e-mails', [
    'onboard purge b0123456789ab',
    'onboard purge --older-than 30d --yes',
    'onboard purge b0123456789ab --people',
  ])
    .argument('[batch]', 'id of a batch')
    .option('--older-than <age>', 'all batches that ended before, as 12h, 30d or 4w', age)
    .option('--people', 'only names and e-mails; the numbers stay')
    .option('--yes', 'do not ask')
    .option('--json', 'print what was removed as one JSON object')
    .action(async (batch, flags) => {
      const { purgeCommand } = await import('../keep/purge.ts');
      done(await purgeCommand(io, batch, flags));
    });
}
