import { Argument } from 'commander';
import type { Wanted } from '../completion/completion.ts';
import { age, wholeNumber } from './parsers.ts';
import type { Verbs } from './verbs.ts';

/** The verbs about everything that is stored: `find`, `completion`, `log`, `purge`. */
export function addRecordVerbs({ program, verb, run }: Verbs): void {
  verb('find', 'show every row of a person in every batch, with its outcome', [
    'onboard find ana@example.com',
    'echo ana@example.com | onboard find - --json',
  ])
    .argument('<email>', 'address of a person; - reads it from standard input')
    .option('--json', 'as one JSON object')
    .action(run(async () => (await import('../rows/find.ts')).find));

  const what = new Argument('<what>', 'a shell, or batches: the ids that the scripts offer');
  verb('completion', 'print a script that completes commands, flags and batches in a shell', [
    'source <(onboard completion bash)   # in ~/.bashrc',
    'source <(onboard completion zsh)    # in ~/.zshrc, after compinit',
    'onboard completion fish > ~/.config/fish/completions/onboard.fish',
  ])
    .addArgument(what.choices(['bash', 'zsh', 'fish', 'batches']))
    .action(
      run(async () => {
        const { completion } = await import('../completion/completion.ts');
        return (io, wanted: Wanted) => completion(io, program, wanted);
      }),
    );

  verb('log', 'list who did what to the batches, newest first', [
    'onboard log',
    'onboard log b0123456789ab --limit 5 --json',
  ])
    .argument('[batch]', 'id of a batch, also of a purged one')
    .option('--limit <n>', 'number of entries', wholeNumber(1, 99_999), 50)
    .option('--json', 'as a JSON array')
    .action(run(async () => (await import('../keep/log.ts')).logCommand));

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
    .action(run(async () => (await import('../keep/purge.ts')).purgeCommand));
}
