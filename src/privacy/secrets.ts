/** Variables of the environment that are or may contain a secret. */
export const SECRET_VARIABLES = [
  'DOCSPACE_API_KEY',
  'DASHBOARD_PASSWORD',
  'ONBOARD_NOTIFY_URL',
  'ONBOARD_NOTIFY_SECRET',
  'REDIS_URL',
] as const;

type Secrets = Partial<Record<(typeof SECRET_VARIABLES)[number], string | undefined>>;

/** Every secret that these variables hold, with the passwords inside the address of Redis. */
export function secretsOf(env: Secrets): string[] {
  const given = SECRET_VARIABLES.flatMap((name) => env[name] || []);
  return [...given, ...passwordsIn(env.REDIS_URL ?? '')];
}

/** Passwords of `redis://user:password@…` and `?sentinelPassword=…`, as written and decoded. */
function passwordsIn(address: string): string[] {
  const [, login = ''] = /^[^/]*\/\/[^@/?]*?:([^@/?]*)@/.exec(address) ?? [];
  const [, sentinel = ''] = /[?&]sentinelPassword=([^&]*)/.exec(address) ?? [];
  return [login, sentinel].flatMap((written) => [written, decoded(written)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
