import { defined } from '../defined.ts';
import { DAY_MS } from '../durations.ts';
import { messageOf, OnboardError } from '../errors.ts';
import { isLoopback } from '../loopback.ts';
import { secretsOf } from '../privacy/secrets.ts';
import { consoleFaults, consoleSettings } from './console-settings.ts';
import { type Environment, environmentSchema } from './environment.ts';
import { proxyUrl, proxyVariables } from './proxies.ts';
import { sourcesOf, strayFaults } from './secret-sources.ts';

/** Zod compiles an object before it first reads one, which takes longer than reading it once. */
const ONCE = { jitless: true };

/** The configuration: read once, frozen, passed on. */
export type Config = ReturnType<typeof toConfig> & { sources: ReturnType<typeof sourcesOf> };

export type Need = 'portal' | 'key' | 'dashboard' | 'console';

export interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>;
  /** Variables of a `.env` file; the environment overrides them. */
  dotEnv?: Readonly<Record<string, string | undefined>>;
  readFile: (path: string) => string;
  needs: readonly Need[];
}

/**
 * Reads environment and `.env` (the environment overrides it), checks all values and freezes them.
 * @throws {OnboardError} E_CONFIG with all faults, before anything connects.
 */
export function loadConfig(sources: ConfigSources): Readonly<Config> {
  const given = withoutEmpty(sources.env);
  const dotEnv = withoutEmpty(sources.dotEnv ?? {});
  const env = { ...dotEnv, ...given, ...proxyVariables(dotEnv), ...proxyVariables(given) };
  const parsed = environmentSchema.safeParse(env, ONCE);
  const issues = parsed.error?.issues ?? [];
  const faults = issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  faults.push(...strayFaults(given, dotEnv));
  const key = readKey(env, sources.readFile, faults);
  const portalUrl = readPortalUrl(env.DOCSPACE_URL, faults);
  if (parsed.success) checkTogether(parsed.data, faults, sources.needs);
  if (sources.needs.includes('portal') && env.DOCSPACE_URL === undefined) {
    faults.push('DOCSPACE_URL is missing: set it to the address of the portal, https://…');
  }
  if (sources.needs.includes('key') && key === '' && !faults.some((f) => f.includes('API_KEY'))) {
    faults.push(
      'DOCSPACE_API_KEY is missing: set it, or set DOCSPACE_API_KEY_FILE to a file with it',
    );
  }
  if (faults.length > 0 || !parsed.success) throw configError(faults);
  return Object.freeze({
    ...toConfig(parsed.data, portalUrl, key),
    sources: sourcesOf(given, dotEnv),
  });
}

/** Durations are milliseconds. */
function toConfig(env: Environment, portalUrl: URL, key: string) {
  const { ONBOARD_NOTIFY_URL: notifyUrl, ONBOARD_NOTIFY_SECRET: notifySecret } = env;
  const { DASHBOARD_USER: user, DASHBOARD_PASSWORD: password } = env;
  return {
    portalUrl,
    /** Secrets are functions, so that no dump of the configuration shows them. */
    apiKey: (): string => key,
    /** All of them, for whatever must never show one. */
    secrets: () => [key, ...secretsOf(env)],
    /** Undefined for a private Redis in `dataDir`. */
    redisUrl: env.REDIS_URL,
    /** Proxies for other machines; a function, because they can hold a password. */
    proxies: (): { https?: string; http?: string; none?: string } =>
      defined({
        https: env.HTTPS_PROXY && proxyUrl(env.HTTPS_PROXY)?.href,
        http: env.HTTP_PROXY && proxyUrl(env.HTTP_PROXY)?.href,
        none: env.NO_PROXY,
      }),
    dataDir: env.ONBOARD_DATA_DIR,
    prefix: env.ONBOARD_PREFIX,
    /** 0 = no limit. */
    requestsPerMinute: env.ONBOARD_REQUESTS_PER_MINUTE,
    /** Requests in flight of all workers together. */
    concurrency: env.ONBOARD_CONCURRENCY,
    attempts: env.ONBOARD_ATTEMPTS,
    backoffMs: env.ONBOARD_BACKOFF_MS,
    backoffMaxMs: env.ONBOARD_BACKOFF_MAX_MS,
    requestTimeoutMs: env.ONBOARD_REQUEST_TIMEOUT_MS,
    /** Time for which the portal may still process a request without an answer. */
    lookUpDelayMs: env.ONBOARD_LOOKUP_DELAY_MS,
    /** Retention of a batch after its end, and of its names and e-mails. */
    retentionMs: env.ONBOARD_RETENTION_DAYS * DAY_MS,
    retentionPeopleMs: (env.ONBOARD_RETENTION_PEOPLE_DAYS ?? env.ONBOARD_RETENTION_DAYS) * DAY_MS,
    /** Retention of failed jobs, and of the action log. */
    retentionJobsMs: env.ONBOARD_RETENTION_JOBS_DAYS * DAY_MS,
    retentionLogMs: env.ONBOARD_RETENTION_LOG_DAYS * DAY_MS,
    actor: env.ONBOARD_ACTOR,
    notifyUrl: () => (notifyUrl === undefined ? undefined : new URL(notifyUrl).href),
    notifySecret: () => notifySecret,
    logLevel: env.LOG_LEVEL,
    console: consoleSettings(env),
    dashboard: {
      host: env.DASHBOARD_HOST,
      port: env.DASHBOARD_PORT,
      credentials: user && password ? { user, password } : undefined,
    },
  };
}

const WIDE = 'is UTF-16: save it as UTF-8';

/** An empty variable counts as unset: compose files write `REDIS_URL=`. */
function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const trimmed = Object.entries(env).map(([name, value = '']) => [name, value.trim()]);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}

function readKey(
  env: Record<string, string>,
  readFile: ConfigSources['readFile'],
  faults: string[],
): string {
  const { DOCSPACE_API_KEY: given, DOCSPACE_API_KEY_FILE: path } = env;
  if (path === undefined) return checkedKey(given ?? '', 'DOCSPACE_API_KEY', faults);
  if (given !== undefined) {
    faults.push('DOCSPACE_API_KEY and DOCSPACE_API_KEY_FILE are both set: unset one');
    return '';
  }
  try {
    const text = readFile(path);
    // Zero bytes between ASCII letters, which UTF-8 never has.
    if (text.includes('\0')) throw new Error(WIDE);
    return checkedKey(text.trim(), 'DOCSPACE_API_KEY_FILE', faults);
  } catch (error) {
    const message = messageOf(error);
    const what = message === WIDE ? WIDE : `cannot be read: ${message}`;
    faults.push(`DOCSPACE_API_KEY_FILE ${what}`);
    return '';
  }
}

/** Checks the form of a key (P-KEY-02); a fault never repeats its value. */
function checkedKey(key: string, name: string, faults: string[]): string {
  if (key === '' || /^sk-[\w-]+$/.test(key)) return key;
  faults.push(`${name} is not an API key: set one of the form sk- and 64 letters and digits`);
  return '';
}

function readPortalUrl(given: string | undefined, faults: string[]): URL {
  const nowhere = new URL('https://portal.invalid');
  if (given === undefined) return nowhere;
  if (!URL.canParse(given)) {
    faults.push('DOCSPACE_URL is not an address: write it as https://portal.example.com');
    return nowhere;
  }
  const url = new URL(given);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    faults.push('DOCSPACE_URL must start with https:// (http:// only for this machine)');
  }
  if (url.username || url.password) faults.push('DOCSPACE_URL must not hold a user or a password');
  if (url.pathname.replace(/\/+$/, '') || url.search || url.hash) {
    faults.push(`DOCSPACE_URL must end after the host: write ${url.origin}`);
  }
  return new URL(url.origin === 'null' ? nowhere : url.origin);
}

function checkTogether(env: Environment, faults: string[], needs: readonly Need[]): void {
  if (env.ONBOARD_BACKOFF_MAX_MS < env.ONBOARD_BACKOFF_MS) {
    faults.push('ONBOARD_BACKOFF_MAX_MS must not be smaller than ONBOARD_BACKOFF_MS');
  }
  if ((env.ONBOARD_RETENTION_PEOPLE_DAYS ?? 0) > env.ONBOARD_RETENTION_DAYS) {
    faults.push('ONBOARD_RETENTION_PEOPLE_DAYS must not be greater than ONBOARD_RETENTION_DAYS');
  }
  const named = [env.DASHBOARD_USER, env.DASHBOARD_PASSWORD].filter(Boolean).length;
  if (named === 1) faults.push('DASHBOARD_USER and DASHBOARD_PASSWORD go together: set both');
  if (needs.includes('dashboard') && named === 0 && !isLoopback(env.DASHBOARD_HOST)) {
    faults.push(
      'DASHBOARD_HOST opens the dashboard to others: set DASHBOARD_USER and DASHBOARD_PASSWORD',
    );
  }
  if (needs.includes('console')) faults.push(...consoleFaults(env));
}

function configError(faults: readonly string[]): OnboardError {
  const head = faults.length === 1 ? 'configuration: ' : `configuration, ${faults.length} faults:`;
  const lines = faults.length === 1 ? faults : faults.map((fault) => `\n  ${fault}`);
  return new OnboardError('E_CONFIG', head + lines.join(''), { details: { faults } });
}
