import { resume } from '../batch/resume.ts';
import type { Hold } from '../ledger/holds.ts';
import { logged } from '../ledger/log.ts';
import { actorOf, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { openStore } from './open.ts';
import { holdFields } from './render.ts';

/** `onboard resume`: lifts the hold in force, for all workers. */
export function resumeCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const store = await openStore(context, 'guest');
    const told = (lifted: Hold | undefined) => ({ lifted: lifted?.code ?? 'nothing' });
    const act = { action: 'resume' as const, by: actorOf(context), told };
    const hold = await logged(store.ledger, act, () => resume(store));
    const json = JSON.stringify({ lifted: holdFields(hold) });
    io.stdout.write(`${flags.json ? json : liftedText(hold)}\n`);
    return exit.ok;
  });
}

function liftedText(hold: Hold | undefined): string {
  if (hold === undefined) return 'nothing is held';
  return `lifted (${hold.code}): workers that run go on now; if the cause is still there, they hold again`;
}
