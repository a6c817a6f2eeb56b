import { errorCodes, messageOf } from '../errors.ts';
import { withoutAddresses, withoutKeys } from '../privacy/redact.ts';

/** Variables that are or may contain a secret. */
const SECRETS = [
  'DOCSPACE_API_KEY',
  'DASHBOARD_PASSWORD',
  'ONBOARD_NOTIFY_URL',
  'ONBOARD_NOTIFY_SECRET',
  'REDIS_URL',
] as const;

const LONGEST = 500;

type Environment = Record<string, string | undefined>;

/**
 * Returns the environment and removes its secrets from the process: Node's diagnostic reports print
 * it completely, and child processes inherit it.
 */
export function takeEnvironment({ env }: { env: Environment }): Environment {
  const taken = { ...env };
  for (const name of SECRETS) delete env[name];
  return taken;
}

/**
 * One line about an unexpected error, without its stack and properties: ioredis adds the command
 * with its arguments, which may be personal data.
 */
export function lastWords(error: unknown, env: Environment): string {
  const secrets = SECRETS.flatMap((name) => env[name] || []);
  const line = messageOf(error).replace(/\s+/g, ' ').slice(0, LONGEST);
  const masked = withoutAddresses(withoutKeys(line, secrets));
  return `E_INTERNAL: ${masked} (set LOG_LEVEL=debug for more)\n`;
}

interface Mortal {
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
  stderr: { write(text: string): unknown };
  exit(status: number): unknown;
}

/** Ends the process after an uncaught error or rejection, with one line and no stack trace. */
export function endOnUncaught(mortal: Mortal, env: Environment): void {
  mortal.on('uncaughtException', (error) => {
    mortal.stderr.write(lastWords(error, env));
    mortal.exit(errorCodes.E_INTERNAL);
  });
}
