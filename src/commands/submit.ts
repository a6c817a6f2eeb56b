import { reportOf } from '../ledger/report.ts';
import { exit, type Io, withContext } from './context.ts';
import { openStore } from './open.ts';
import { ignoredColumnsLine, prepareSubmission, type SubmissionFlags } from './submission.ts';
import { submitLogged } from './submit-logged.ts';

/** `onboard submit`: the producer only. Prints the batch id; workers elsewhere do the rest. */
export function submitCommand(
  io: Io,
  files: readonly string[],
  flags: SubmissionFlags,
): Promise<number> {
  const overrides = { ONBOARD_CONCURRENCY: flags.concurrency };
  const wants = { needs: ['portal'] as const, logLevel: 'warn' as const, overrides };
  return withContext(io, wants, async (context) => {
    const { source, submission } = await prepareSubmission(context, files, flags);
    io.stderr.write(ignoredColumnsLine(source));
    const store = await openStore(context, 'guest');
    if (flags.concurrency !== undefined) {
      await store.queues.createUser.setGlobalConcurrency(context.config.concurrency);
    }
    const { batch, already } = await submitLogged(context, store, { submission, action: 'submit' });
    const report = await reportOf(store.ledger, batch.id, Date.now());
    io.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${batch.id}\n`);
    io.stderr.write(
      already
        ? 'submitted before: nothing was added\n'
        : `${report.accepted} accepted, ${report.rejected} rejected, ${report.duplicates} duplicates\n`,
    );
    return flags.strict === true && report.rejected > 0 ? exit.someFailed : exit.ok;
  });
}
