import { Argument } from 'commander';
import type { Verbs } from './verbs.ts';

/** The verbs `find`, and `completion` for the shell. */
export function addFindVerbs({ verb, io, done }: Verbs): void {
  verb('find', 'show every row of a person in every batch, with its outcome', [
    'onboard find ana@example.com',
    'onboard find ana@example.com --json',
  ])
    .argument('<email>', 'address of a person')
    .option('--json', 'as one JSON object')
    .action(async (email, flags) => {
      const { find } = await import('../rows/find.ts');
      done(await find(io, email, flags));
    });

  verb('completion', 'print a script that completes commands, flags and batches in a shell', [
    'source <(onboard completion bash)   # in ~/.bashrc',
    'source <(onboard completion zsh)    # in ~/.zshrc, after compinit',
    'onboard completion fish > ~/.config/fish/completions/onboard.fish',
  ])
    .addArgument(
      new Argument('<what>', 'a shell, or batches: the ids that the scripts offer').choices([
        'bash',
        'zsh',
        'fish',
        'batches',
      ]),
    )
    .action(async (what, _, command) => {
      const { completion } = await import('../completion/completion.ts');
      done(await completion(io, command.parent, what));
    });
}
