import { commaList } from './parsers.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that change batches. */
export function addChangeVerbs({ verb, run }: Verbs): void {
  const ofBatch = (name: string, about: string, examples: readonly string[]) =>
    verb(name, about, examples)
      .argument('<batch>', 'id of a batch')
      .option('--json', 'print the report as one JSON object');

  verb('pause', 'send no new request from any worker until resume', ['onboard pause'])
    .option('--json', 'print the hold as one JSON object')
    .action(run(async () => (await import('../change/pause-resume.ts')).pauseCommand));

  verb('resume', 'continue after a pause or a hold, once its cause is gone', ['onboard resume'])
    .option('--json', 'print the hold that was lifted as one JSON object')
    .action(run(async () => (await import('../change/pause-resume.ts')).resumeCommand));

  ofBatch('cancel', 'create nobody else of a batch, permanently; those created are invited', [
    'onboard cancel b0123456789ab',
    'onboard cancel b0123456789ab --no-invite --yes',
  ])
    .option('--no-invite', 'do not invite those already created')
    .option('--yes', 'do not ask')
    .action(run(async () => (await import('../change/change-batch.ts')).cancelCommand));

  ofBatch('retry', 'retry failed and cancelled people of a batch, as a new round', [
    'onboard retry b0123456789ab',
    'onboard retry b0123456789ab --reason server-error timeout',
    'onboard retry b0123456789ab --email - < addresses.txt',
  ])
    .option(
      '--reason <code...>',
      'only rows with these codes of the report, also as a,b',
      commaList,
    )
    .option(
      '--email <address...>',
      'only these people; - reads them from standard input',
      commaList,
    )
    .action(run(async () => (await import('../change/change-batch.ts')).retryCommand));

  ofBatch('continue', 'create the people that --limit held back', [
    'onboard run people.csv --limit 10',
    'onboard continue b0123456789ab',
  ]).action(run(async () => (await import('../change/change-batch.ts')).continueCommand));

  verb('set-roles', 'give accounts of a batch the role that was asked for them', [
    'onboard set-roles b0123456789ab --dry-run',
    'onboard set-roles b0123456789ab',
  ])
    .argument('<batch>', 'id of a batch')
    .option('--dry-run', 'show what would be changed, and change nothing')
    .option('--json', 'print what was set and what is left as one JSON object')
    .action(run(async () => (await import('../change/role-verb.ts')).setRolesCommand));

  ofBatch('invite', 'send an invite that was held back', ['onboard invite b0123456789ab']).action(
    run(async () => (await import('../change/change-batch.ts')).inviteCommand),
  );
}
