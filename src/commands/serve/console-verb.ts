import { OnboardError } from '../../errors.ts';
import type { Io } from '../io.ts';
import type { ConsoleFlags } from './console-link.ts';

/**
 * `onboard console`: serves it; `link` prints a code, `user NAME` makes a line of the users file.
 * @throws {OnboardError} E_USAGE, E_CONFIG, E_REDIS_…, E_PORT_IN_USE
 */
export async function consoleVerb(
  io: Io,
  what: 'link' | 'user' | undefined,
  name: string | undefined,
  flags: ConsoleFlags,
): Promise<number> {
  if (what === 'user') {
    const { consoleUser } = await import('./console-user.ts');
    return consoleUser(io, name, flags.role);
  }
  if (name !== undefined) throw new OnboardError('E_USAGE', 'a name is for console user alone');
  if (what === 'link') return (await import('./console-link.ts')).consoleLink(io, flags);
  return (await import('./serve-console.ts')).serveConsole(io, flags);
}
