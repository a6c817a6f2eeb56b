import type { Verbs } from './verbs.ts';

/** The verbs that look things up: `find`. */
export function addFindVerbs({ verb, io, done }: Verbs): void {
  verb('find', 'show every row of a person in every batch, with what became of it', [
    'onboard find ana@example.com',
    'onboard find ana@example.com --json',
  ])
    .argument('<email>', 'address of a person')
    .option('--json', 'as one JSON object')
    .action(async (email, flags) => {
      const { find } = await import('./find.ts');
      done(await find(io, email, flags));
    });
}
