import { pauseWorkers, resumeWorkers } from '../../actions/pause-queues.ts';
import type { Resumed } from '../../batch/stop-queues.ts';
import { jsonText } from '../../printable.ts';
import { actorOf } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { withStore } from '../open/store.ts';
import { endedText, holdFields, holdText } from '../text/stop-text.ts';

/** `onboard pause`: no new request of any worker until `onboard resume`. */
export function pauseCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withStore(io, async (context, store) => {
    const hold = await pauseWorkers(store, actorOf(context));
    const json = jsonText({ held: holdFields(hold) });
    io.stdout.write(`${flags.json ? json : holdText(hold)}\n`);
    return exit.ok;
  });
}

/** `onboard resume`: lifts the hold in force and ends waits, for all workers. */
export function resumeCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withStore(io, async (context, store) => {
    const resumed = await resumeWorkers(store, actorOf(context));
    const { hold, waits } = resumed;
    const json = jsonText({ lifted: holdFields(hold), waits });
    io.stdout.write(`${flags.json ? json : resumedText(resumed)}\n`);
    return exit.ok;
  });
}

function resumedText({ hold, waits }: Resumed): string {
  const lines = waits.map(endedText);
  if (hold !== undefined) {
    lines.unshift(
      `lifted (${hold.code}): running workers continue; if the cause is still there, the hold returns`,
    );
  }
  return lines.length === 0 ? 'nothing is held' : lines.join('\n');
}
