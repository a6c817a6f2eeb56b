import { codeOf, errorCodes, messageOf } from '../errors.ts';
import { printable } from '../printable.ts';
import { spellingsOf, withoutAddresses, withoutKeys } from '../privacy/redact.ts';
import { SECRET_VARIABLES, secretsOf } from '../privacy/secrets.ts';

const LONGEST = 500;

type Environment = Record<string, string | undefined>;

/**
 * Returns the environment and removes its secrets from the process: Node's diagnostic reports print
 * it completely, and child processes inherit it.
 */
export function takeEnvironment({ env }: { env: Environment }): Environment {
  const taken = { ...env };
  for (const name of SECRET_VARIABLES) delete env[name];
  return taken;
}

/**
 * One line about an unexpected error, without its stack and properties: ioredis adds the command
 * with its arguments, which may be personal data.
 */
export function lastWords(error: unknown, env: Environment): string {
  const line = messageOf(error).replace(/\s+/g, ' ').slice(0, LONGEST);
  const masked = printable(withoutAddresses(withoutKeys(line, spellingsOf(secretsOf(env)))));
  return `E_INTERNAL: ${masked} (set LOG_LEVEL=debug for more)\n`;
}

/** Whether a write failed because the terminal was closed; SIGHUP comes with it, and drains. */
export function isTerminalGone(error: unknown): boolean {
  return (
    codeOf(error) === 'EIO' &&
    error instanceof Error &&
    'syscall' in error &&
    error.syscall === 'write'
  );
}

interface Mortal {
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
  stderr: { write(text: string): unknown };
  exit(status: number): unknown;
}

/** Ends the process after an uncaught error or rejection, with one line and no stack trace. */
export function endOnUncaught(mortal: Mortal, env: Environment): void {
  mortal.on('uncaughtException', (error) => {
    if (isTerminalGone(error)) return;
    mortal.stderr.write(lastWords(error, env));
    mortal.exit(errorCodes.E_INTERNAL);
  });
}
