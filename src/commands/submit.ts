import { submitLogged } from '../batch/submit-logged.ts';
import { admit } from './admit.ts';
import { actorOf, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { producerOf } from './open.ts';
import type { PlanFlags } from './plan.ts';
import { overridesOf } from './submission.ts';

/** `onboard submit`: the producer only. Prints the batch id; workers elsewhere do the rest. */
export function submitCommand(io: Io, files: readonly string[], flags: PlanFlags): Promise<number> {
  const overrides = overridesOf(flags);
  const wants = { needs: ['portal'] as const, logLevel: 'warn' as const, overrides };
  return withContext(io, wants, async (context) => {
    const { submission, store } = await admit(context, { files, flags, role: 'guest' });
    if (flags.concurrency !== undefined) {
      await store.queues.createUser.setGlobalConcurrency(context.config.concurrency);
    }
    const producer = producerOf(context, store);
    const doing = { action: 'submit' as const, by: actorOf(context) };
    const { already, report } = await submitLogged(producer, submission, doing);
    io.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${report.batchId}\n`);
    io.stderr.write(
      already
        ? 'submitted before: nothing was added\n'
        : `${report.accepted} accepted, ${report.rejected} rejected, ${report.duplicates} duplicates\n`,
    );
    return flags.strict === true && report.rejected > 0 ? exit.someFailed : exit.ok;
  });
}
