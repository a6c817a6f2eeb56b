import { hostname, userInfo } from 'node:os';
import { pause } from '../batch/resume.ts';
import { exit, type Io, withContext } from './context.ts';
import { openStore } from './open.ts';
import { holdText } from './render.ts';

/** `onboard pause`: no new request of any worker until `onboard resume`. */
export function pauseCommand(io: Io): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const by = `${userInfo().username} on ${hostname()}`;
    const hold = await pause(await openStore(context, 'guest'), { by, now: Date.now() });
    io.stdout.write(`${holdText(hold)}\n`);
    return exit.ok;
  });
}
