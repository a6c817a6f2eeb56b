import { type Config, loadConfig } from '../config/config.ts';
import { OnboardError } from '../errors.ts';

/** Redis and portal of the producer. */
export interface OnboardOptions {
  /** `redis://`, `rediss://` or `redis+sentinel://`, equal to REDIS_URL of the workers. */
  redisUrl: string;
  /** Address of the portal, `https://` and host only, equal to DOCSPACE_URL of the workers. */
  portalUrl: string;
  /** Key of the portal, to find groups at the submission and for `setRoles`. */
  apiKey?: string;
  /** Prefix of every key in Redis, equal to that of the workers; `{onboard}` by default. */
  prefix?: string;
  /** Attempts for each person before the row fails; 8 by default. */
  attempts?: number;
  /** Days after which failed jobs are removed; 7 by default. */
  failedJobsDays?: number;
  /** Proxy for the portal, `http://user:password@host:port`; the environment is not read. */
  httpsProxy?: string;
  /** Hosts that are reached without the proxy, separated by commas. */
  noProxy?: string;
  /** Name in the action log, next to user, host and pid: a person, a service. */
  actor?: string;
  /** Level of JSON lines on standard error, e-mails masked; `silent` by default. */
  logLevel?: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}

/** Variables that check the options. */
const VARIABLES = {
  redisUrl: 'REDIS_URL',
  portalUrl: 'DOCSPACE_URL',
  apiKey: 'DOCSPACE_API_KEY',
  prefix: 'ONBOARD_PREFIX',
  attempts: 'ONBOARD_ATTEMPTS',
  failedJobsDays: 'ONBOARD_RETENTION_JOBS_DAYS',
  httpsProxy: 'HTTPS_PROXY',
  noProxy: 'NO_PROXY',
  actor: 'ONBOARD_ACTOR',
  logLevel: 'LOG_LEVEL',
} as const satisfies Record<keyof OnboardOptions, string>;

/**
 * Checks the options by the rules of the command line. Reads neither the environment nor a file.
 * @throws {OnboardError} E_CONFIG with all faults.
 */
export function settingsOf(options: OnboardOptions): Readonly<Config> & { redisUrl: string } {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const env = Object.entries(VARIABLES).map(([option, variable]) => {
    const value = given[option];
    return [variable, value === undefined ? undefined : String(value)] as const;
  });
  const config = loadedFrom(Object.fromEntries(env));
  const { redisUrl } = config;
  if (redisUrl === undefined) {
    throw new OnboardError('E_CONFIG', 'redisUrl is missing: set it to the address of a Redis');
  }
  return { ...config, redisUrl };
}

/** Loads the configuration; faults name options instead of variables. */
function loadedFrom(env: Record<string, string | undefined>): Readonly<Config> {
  const readFile = () => {
    throw new Error('the library reads no file of settings');
  };
  try {
    return loadConfig({ env, readFile, needs: ['portal'] });
  } catch (error) {
    if (!(error instanceof OnboardError)) throw error;
    let text = error.message;
    for (const [option, name] of Object.entries(VARIABLES)) text = text.replaceAll(name, option);
    throw new OnboardError(error.code, text, { cause: error });
  }
}
