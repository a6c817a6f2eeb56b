import { z } from 'zod';
import { isHookUrl } from '../loopback.ts';
import {
  addressesIn,
  approvals,
  authModes,
  HEADER,
  isConsoleUrl,
  LABEL,
  rolesIn,
} from './console-forms.ts';
import { isProxy } from './proxies.ts';

/** Checks the form only; the connection reads the parts. */
function isRedisUrl(text: string): boolean {
  return /^rediss?\+sentinel:\/\/\S+$/.test(text) || (/^rediss?:/.test(text) && URL.canParse(text));
}

/** Names for log entries: no line breaks, and nothing like an API key at the start of a word. */
const ACTOR = /^(?!.*(?<![\p{L}\p{N}])sk-[\w-]{8})[^\p{C}]{1,100}$/u;

/** A secret in the form of Standard Webhooks: 24 bytes are 32 characters of base64. */
const WHSEC = /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

const whole = (min: number, max: number, fallback: number) =>
  z.coerce
    .number(`must be a whole number from ${min} to ${max}`)
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(fallback);

const proxy = z.string().refine(isProxy, {
  error:
    'must be the address of a proxy, http://user:password@host:port; write % as %25 in user and password',
});

const header = z.string().regex(HEADER, 'must be the name of a header, as X-Forwarded-User');

/** All variables of the environment that this program reads, as in docs/configuration.md. */
export const environmentSchema = z.object({
  DOCSPACE_URL: z.string().optional(),
  DOCSPACE_API_KEY: z.string().optional(),
  DOCSPACE_API_KEY_FILE: z.string().optional(),
  REDIS_URL: z
    .string()
    .refine(isRedisUrl, {
      error: 'must start with redis:// or rediss://, or with redis+sentinel:// for Sentinel',
    })
    .optional(),
  ONBOARD_DATA_DIR: z.string().default('.onboard'),
  ONBOARD_PREFIX: z
    .string()
    .regex(/^[\w{}.-]{1,64}$/, 'must have only letters, digits and . _ - { }')
    .default('{onboard}'),
  ONBOARD_REQUESTS_PER_MINUTE: whole(0, 1_000_000, 1500),
  ONBOARD_CONCURRENCY: whole(1, 1000, 10),
  ONBOARD_ATTEMPTS: whole(1, 100, 8),
  ONBOARD_BACKOFF_MS: whole(1, 3_600_000, 1000),
  ONBOARD_BACKOFF_MAX_MS: whole(1, 86_400_000, 60_000),
  ONBOARD_REQUEST_TIMEOUT_MS: whole(100, 600_000, 30_000),
  ONBOARD_LOOKUP_DELAY_MS: whole(0, 600_000, 35_000),
  ONBOARD_RETENTION_DAYS: whole(1, 3650, 30),
  ONBOARD_RETENTION_PEOPLE_DAYS: whole(1, 3650, 30).removeDefault().optional(),
  ONBOARD_RETENTION_JOBS_DAYS: whole(1, 3650, 7),
  ONBOARD_RETENTION_LOG_DAYS: whole(1, 3650, 365),
  ONBOARD_ACTOR: z
    .string()
    .regex(ACTOR, 'must be a name of at most 100 characters without an API key')
    .optional(),
  ONBOARD_NOTIFY_URL: z
    .string()
    .refine(isHookUrl, {
      error: 'must be an https:// address without user or password (http:// only for this machine)',
    })
    .optional(),
  ONBOARD_NOTIFY_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .refine((text) => !text.startsWith('whsec_') || WHSEC.test(text), {
      error: 'must be whsec_ and base64 of at least 24 bytes, or any text without whsec_',
    })
    .optional(),
  HTTPS_PROXY: proxy.optional(),
  HTTP_PROXY: proxy.optional(),
  NO_PROXY: z.string().optional(),
  LOG_LEVEL: z.enum(levels, `must be one of ${levels.join(', ')}`).optional(),
  CONSOLE_HOST: z.string().default('127.0.0.1'),
  CONSOLE_PORT: whole(0, 65_535, 3000),
  CONSOLE_AUTH: z.enum(authModes, `must be one of ${authModes.join(', ')}`).default('link'),
  CONSOLE_USERS_FILE: z.string().optional(),
  CONSOLE_PROXY_USER_HEADER: header.optional(),
  CONSOLE_PROXY_GROUPS_HEADER: header.optional(),
  CONSOLE_PROXY_ADDRESSES: z
    .string()
    .refine((text) => addressesIn(text) !== undefined, {
      error: 'must have addresses or networks separated by commas, as 10.0.0.5,10.1.0.0/16',
    })
    .optional(),
  CONSOLE_PROXY_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  CONSOLE_PROXY_SECRET_HEADER: header.default('x-onboard-proxy-secret'),
  CONSOLE_ROLES: z
    .string()
    .refine((text) => rolesIn(text) !== undefined, {
      error:
        'must have groups with the role viewer, operator or admin, as hr=operator,it=admin,*=viewer',
    })
    .optional(),
  CONSOLE_URL: z
    .string()
    .refine(isConsoleUrl, {
      error: 'must be https:// and a host, without a path (http:// only for this machine)',
    })
    .optional(),
  CONSOLE_LABEL: z
    .string()
    .regex(LABEL, 'must have at most 40 characters, and no control character')
    .optional(),
  CONSOLE_UPLOAD_MB: whole(1, 10_000, 200),
  CONSOLE_APPROVAL: z.enum(approvals, `must be one of ${approvals.join(', ')}`).default('any'),
  DASHBOARD_HOST: z.string().default('127.0.0.1'),
  DASHBOARD_PORT: whole(0, 65_535, 3000),
  DASHBOARD_USER: z.string().optional(),
  DASHBOARD_PASSWORD: z.string().min(12, 'must have at least 12 characters').optional(),
});
export type Environment = z.infer<typeof environmentSchema>;
