import { errorCodes, messageOf } from './errors.ts';
import { withoutAddresses, withoutKeys } from './redact.ts';

/** Variables that are a secret, or may have one in them. */
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
 * Moves the environment out of the process: what is left there has no secrets. Node's diagnostic
 * reports print that environment whole, and processes that are started inherit it.
 */
export function takeEnvironment({ env }: { env: Environment }): Environment {
  const taken = { ...env };
  for (const name of SECRETS) delete env[name];
  return taken;
}

/**
 * The one line about an error that nobody foresaw. Its stack stays unsaid, and so does what hangs
 * on it: ioredis adds the command with its arguments, which may be people.
 */
export function lastWords(error: unknown, env: Environment): string {
  const secrets = SECRETS.flatMap((name) => env[name] || []);
  const line = messageOf(error).replace(/\s+/g, ' ').slice(0, LONGEST);
  const said = withoutAddresses(withoutKeys(line, secrets));
  return `E_INTERNAL: ${said} (LOG_LEVEL=debug may tell more)\n`;
}

interface Mortal {
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
  stderr: { write(text: string): unknown };
  exit(status: number): unknown;
}

/**
 * Ends the process with exit status 1 and one line when an error reaches nobody, instead of a stack
 * trace with the error's every property. Rejections that nobody handles count as such errors.
 */
export function endOnUncaught(mortal: Mortal, env: Environment): void {
  mortal.on('uncaughtException', (error) => {
    mortal.stderr.write(lastWords(error, env));
    mortal.exit(errorCodes.E_INTERNAL);
  });
}
