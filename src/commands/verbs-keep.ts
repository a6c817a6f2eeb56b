import { logCommand } from './log.ts';
import type { Verbs } from './verbs.ts';

/** The verbs about what is kept: `log`. */
export function addKeepVerbs({ verb, io, done }: Verbs): void {
  verb('log', 'list who did what to the batches, newest first', [
    'onboard log',
    'onboard log b0123456789ab --limit 5 --json',
  ])
    .argument('[batch]', 'id of a batch, also of one that is purged')
    .option('--limit <n>', 'so many entries', '50')
    .option('--json', 'as a JSON array')
    .action(async (batch, flags) => done(await logCommand(io, batch, flags)));
}
