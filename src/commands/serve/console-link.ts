import type { ConsoleRole } from '../../config/console-forms.ts';
import { makeCode } from '../../console/auth/codes.ts';
import { OnboardError } from '../../errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { actorOf, type Context, type Wants, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { openLedgerStore } from '../open/ledger-store.ts';

export interface ConsoleFlags {
  host?: string;
  port?: string;
  role?: ConsoleRole;
}

/** `onboard console link`: prints a new code for a console that runs. */
export function consoleLink(io: Io, flags: ConsoleFlags): Promise<number> {
  const wants: Wants = { needs: ['console'], overrides: overridesOf(flags) };
  return withContext(io, wants, async (context) => {
    const { auth, host, port } = context.config.console;
    if (auth !== 'link') {
      const text = `codes are for CONSOLE_AUTH=link, and it is ${auth}: sign in with name and password, or through the proxy`;
      throw new OnboardError('E_CONFIG', text);
    }
    const role = roleOfLink(context, flags);
    const { ledger } = await openLedgerStore(context, 'guest');
    const name = host.includes(':') ? `[${host}]` : host;
    await printLink(context, ledger, { address: `http://${name}:${port}`, role });
    return exit.ok;
  });
}

/** @throws {OnboardError} E_USAGE for a role where nobody signs in by a code */
export function roleOfLink({ config }: Context, { role }: ConsoleFlags): ConsoleRole {
  if (role === undefined || config.console.auth === 'link') return role ?? 'operator';
  const where = config.console.auth === 'users' ? 'CONSOLE_USERS_FILE' : 'CONSOLE_ROLES';
  throw new OnboardError('E_USAGE', `--role is for codes: roles are in ${where}`);
}

/**
 * Prints an address that signs in once. The code stands behind `#`, which browsers send to nobody,
 * so that no log of a proxy has it.
 */
export async function printLink(
  context: Context,
  ledger: Ledger,
  { address, role }: { address: string; role: ConsoleRole },
): Promise<void> {
  const { timings, stdout } = context.io;
  const { name, sudoUser, user } = actorOf(context);
  const code = await makeCode(ledger, { name: name ?? sudoUser ?? user, role }, timings);
  const minutes = Math.round(timings.signInCodeMs / 60_000);
  stdout.write(`sign in: ${address}/sign-in#${code}\n`);
  stdout.write(`         once, within ${minutes} minutes, as ${role}\n`);
}

export function overridesOf({ host, port }: ConsoleFlags) {
  return { CONSOLE_HOST: host, CONSOLE_PORT: port };
}
