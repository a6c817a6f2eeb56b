import { pauseWorkers, resumeWorkers } from '../../actions/pause-queues.ts';
import type { Hold } from '../../ledger/stops/holds.ts';
import { jsonText } from '../../printable.ts';
import { actorOf } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { withStore } from '../open/store.ts';
import { holdFields, holdText } from '../text/stop-text.ts';

/** `onboard pause`: no new request of any worker until `onboard resume`. */
export function pauseCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withStore(io, async (context, store) => {
    const hold = await pauseWorkers(store, actorOf(context));
    const json = jsonText({ held: holdFields(hold) });
    io.stdout.write(`${flags.json ? json : holdText(hold)}\n`);
    return exit.ok;
  });
}

/** `onboard resume`: lifts the hold in force, for all workers. */
export function resumeCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withStore(io, async (context, store) => {
    const hold = await resumeWorkers(store, actorOf(context));
    const json = jsonText({ lifted: holdFields(hold) });
    io.stdout.write(`${flags.json ? json : liftedText(hold)}\n`);
    return exit.ok;
  });
}

function liftedText(hold: Hold | undefined): string {
  if (hold === undefined) return 'nothing is held';
  return `lifted (${hold.code}): running workers continue; if the cause is still there, the hold returns`;
}
