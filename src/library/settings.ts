import { type Config, loadConfig } from '../config.ts';
import { OnboardError } from '../errors.ts';

/** Where people are enqueued, and for which portal. */
export interface OnboardOptions {
  /** `redis://`, `rediss://` or `redis+sentinel://`, as REDIS_URL. The workers use the same. */
  redisUrl: string;
  /** Address of the portal, `https://` and host only, as DOCSPACE_URL of the workers. */
  portalUrl: string;
  /** Start of every key in Redis; the default `{onboard}` is also the workers'. */
  prefix?: string;
  /** Attempts for each person before the row fails: 8. */
  attempts?: number;
  /** Days for which the queue keeps the jobs of people who failed: 7. */
  failedJobsDays?: number;
  /** Who the action log says it was: a person, a service. Beside it stand user, host and pid. */
  actor?: string;
  /** Lines of JSON on standard error, e-mails masked; `silent` unless given. */
  logLevel?: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}

/** The variable of the command line that checks each option. */
const VARIABLES = {
  redisUrl: 'REDIS_URL',
  portalUrl: 'DOCSPACE_URL',
  prefix: 'ONBOARD_PREFIX',
  attempts: 'ONBOARD_ATTEMPTS',
  failedJobsDays: 'ONBOARD_RETENTION_JOBS_DAYS',
  actor: 'ONBOARD_ACTOR',
  logLevel: 'LOG_LEVEL',
} as const satisfies Record<keyof OnboardOptions, string>;

/**
 * Checks the options by the rules of the command line. Reads neither the environment nor a file.
 * @throws {OnboardError} E_CONFIG that tells all faults together.
 */
export function settingsOf(options: OnboardOptions): Readonly<Config> & { redisUrl: string } {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const env = Object.entries(VARIABLES).map(([option, variable]) => {
    const value = given[option];
    return [variable, value === undefined ? undefined : String(value)] as const;
  });
  const config = inOwnWords(() =>
    loadConfig({ env: Object.fromEntries(env), readFile: noFile, needs: ['portal'] }),
  );
  const { redisUrl } = config;
  if (redisUrl === undefined) {
    throw new OnboardError('E_CONFIG', 'redisUrl is missing: give the address of a Redis');
  }
  return { ...config, redisUrl };
}

function noFile(): never {
  throw new Error('the library reads no file of settings');
}

/** The faults are about options here, not about variables. */
function inOwnWords<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof OnboardError)) throw error;
    const names = Object.entries(VARIABLES);
    const text = names.reduce((said, [own, name]) => said.replaceAll(name, own), error.message);
    throw new OnboardError(error.code, text, { cause: error });
  }
}
