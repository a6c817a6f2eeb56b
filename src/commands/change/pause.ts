import { pauseWorkers } from '../../actions/pause-queues.ts';
import { actorOf, withContext } from '../context.ts';
import { exit, type Io, reading } from '../io.ts';
import { openStore } from '../open/store.ts';
import { holdFields, holdText } from '../text/hold-text.ts';

/** `onboard pause`: no new request of any worker until `onboard resume`. */
export function pauseCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withContext(io, reading, async (context) => {
    const store = await openStore(context, 'guest');
    const hold = await pauseWorkers(store, actorOf(context));
    const json = JSON.stringify({ held: holdFields(hold) });
    io.stdout.write(`${flags.json ? json : holdText(hold)}\n`);
    return exit.ok;
  });
}
