import { actorText } from '../actor.ts';
import { pause } from '../batch/resume.ts';
import { logged } from '../ledger/log.ts';
import { actorOf, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { openStore } from './open.ts';
import { holdFields, holdText } from './render.ts';

/** `onboard pause`: no new request of any worker until `onboard resume`. */
export function pauseCommand(io: Io, flags: { json?: boolean }): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const by = actorOf(context);
    const store = await openStore(context, 'guest');
    const hold = await logged(store.ledger, { action: 'pause', by }, () =>
      pause(store, { by: actorText(by), now: Date.now() }),
    );
    const json = JSON.stringify({ held: holdFields(hold) });
    io.stdout.write(`${flags.json ? json : holdText(hold)}\n`);
    return exit.ok;
  });
}
