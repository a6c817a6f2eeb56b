/** Variables of the environment that are or may contain a secret. */
export const SECRET_VARIABLES = [
  'DOCSPACE_API_KEY',
  'DASHBOARD_PASSWORD',
  'CONSOLE_PROXY_SECRET',
  'ONBOARD_NOTIFY_URL',
  'ONBOARD_NOTIFY_SECRET',
  'REDIS_URL',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'https_proxy',
  'http_proxy',
] as const;

/** Those whose host is no secret, only the login in them. */
const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'] as const;

type Secrets = Partial<Record<(typeof SECRET_VARIABLES)[number], string | undefined>>;

/** Every secret that these variables hold, with the passwords inside the address of Redis. */
export function secretsOf(env: Secrets): string[] {
  const whole = SECRET_VARIABLES.filter((name) => !PROXIES.some((proxy) => proxy === name));
  const given = whole.flatMap((name) => env[name] || []);
  const logins = PROXIES.flatMap((name) => loginsIn(env[name] ?? ''));
  return [...given, ...passwordsIn(env.REDIS_URL ?? ''), ...logins];
}

/** The password of a proxy, as written and decoded, and the header that sends it. */
function loginsIn(address: string): string[] {
  const [, user = '', password = ''] = /^(?:[^/]*\/\/)?([^@/:]*):([^@]*)@/.exec(address) ?? [];
  if (password === '') return [];
  const plain = decoded(password);
  const header = Buffer.from(`${decoded(user)}:${plain}`).toString('base64');
  return [password, plain, header];
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
