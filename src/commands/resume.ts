import { resume } from '../batch/resume.ts';
import type { Hold } from '../ledger/holds.ts';
import { logged } from '../ledger/log.ts';
import { actorOf, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { openStore } from './open.ts';

/** `onboard resume`: lifts the hold in force, for all workers. */
export function resumeCommand(io: Io): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const store = await openStore(context, 'guest');
    const told = (lifted: Hold | undefined) => ({ lifted: lifted?.code ?? 'nothing' });
    const act = { action: 'resume' as const, by: actorOf(context), told };
    const hold = await logged(store.ledger, act, () => resume(store));
    io.stdout.write(
      hold === undefined
        ? 'nothing is held\n'
        : `lifted (${hold.code}): workers that run go on now; if the cause is still there, they hold again\n`,
    );
    return exit.ok;
  });
}
