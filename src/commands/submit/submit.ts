import { submitList } from '../../actions/submit-list.ts';
import { setLimits } from '../../ledger/limits/leases.ts';
import { rejectionsOf } from '../../ledger/rows/causes.ts';
import { areAllUsers, typesText } from '../../people/account-types.ts';
import { jsonText } from '../../printable.ts';
import { type Wants, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { actingOf } from '../open/store.ts';
import { submittedText } from '../text/asked-text.ts';
import { reasonsText } from '../text/reasons-text.ts';
import { beforeSubmission } from './before-submission.ts';
import { overridesOf, type SubmissionFlags } from './prepare.ts';

/** `onboard submit`: the producer only. Prints the batch id; workers elsewhere do the rest. */
export function submitCommand(
  io: Io,
  files: readonly string[],
  flags: SubmissionFlags,
): Promise<number> {
  const wants: Wants = { needs: ['portal'], overrides: overridesOf(flags) };
  return withContext(io, wants, async (context) => {
    const { submission, store } = await beforeSubmission(context, { files, flags, role: 'guest' });
    if (flags.concurrency !== undefined) {
      await setLimits(store.ledger, { concurrency: context.config.concurrency });
    }
    const { producer, by } = actingOf(context, store);
    const acting = { producer, by: { ...by, ...flags.via } };
    const submitted = await submitList(acting, submission, { action: 'submit' });
    const { already, report } = submitted;
    io.stdout.write(flags.json ? `${jsonText(report)}\n` : `${report.batchId}\n`);
    if (!areAllUsers(report.types)) io.stderr.write(`accepted: ${typesText(report.types)}\n`);
    io.stderr.write(submittedText(submitted, submission.notify !== undefined));
    io.stderr.write(
      already
        ? 'submitted before: nothing was added\n'
        : `${report.accepted} accepted, ${report.rejected} rejected, ${report.duplicates} duplicates\n`,
    );
    const rejections = await rejectionsOf(store.ledger, report.batchId);
    io.stderr.write(reasonsText({ report, causes: [], rejections }));
    return flags.strict === true && report.rejected > 0 ? exit.someFailed : exit.ok;
  });
}
