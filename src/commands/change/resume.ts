import { resumeWorkers } from '../../actions/pause-queues.ts';
import type { Hold } from '../../ledger/stops/holds.ts';
import { actorOf, withContext } from '../context.ts';
import { exit, type Io, reading } from '../io.ts';
import { openStore } from '../open/store.ts';
import { holdFields } from '../text/hold-text.ts';

/** `onboard resume`: lifts the hold in force, for all workers. */
export function resumeCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withContext(io, reading, async (context) => {
    const store = await openStore(context, 'guest');
    const hold = await resumeWorkers(store, actorOf(context));
    const json = JSON.stringify({ lifted: holdFields(hold) });
    io.stdout.write(`${flags.json ? json : liftedText(hold)}\n`);
    return exit.ok;
  });
}

function liftedText(hold: Hold | undefined): string {
  if (hold === undefined) return 'nothing is held';
  return `lifted (${hold.code}): running workers continue; if the cause is still there, the hold returns`;
}
