import { expect, test } from 'vitest';
import { loadConfig, type Need } from '../../src/config/config.ts';
import { environmentSchema } from '../../src/config/environment.ts';

const KEY = `sk-${'a1'.repeat(32)}`;

function load(
  env: Record<string, string>,
  needs: readonly Need[] = [],
  files: Record<string, string> = {},
) {
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no such file ${path}`);
    return text;
  };
  return loadConfig({ env, readFile, needs });
}

test('an empty environment gives the documented defaults', () => {
  expect(load({})).toMatchObject({
    redisUrl: undefined,
    dataDir: '.onboard',
    prefix: '{onboard}',
    requestsPerMinute: 1500,
    concurrency: 10,
    attempts: 8,
    backoffMs: 1000,
    backoffMaxMs: 60_000,
    requestTimeoutMs: 30_000,
    retentionMs: 30 * 86_400_000,
    dashboard: { host: '127.0.0.1', port: 3000 },
  });
});

test('all faults are reported together, each with its variable', () => {
  const env = {
    DOCSPACE_URL: 'http://portal.example.com',
    REDIS_URL: 'localhost:6379',
    ONBOARD_CONCURRENCY: 'many',
    ONBOARD_ATTEMPTS: '0',
    ONBOARD_PREFIX: 'a b',
    LOG_LEVEL: 'loud',
  };
  const attempt = () => load(env, ['portal', 'key']);
  expect(attempt).toThrow(/7 faults/);
  for (const name of [...Object.keys(env), 'DOCSPACE_API_KEY']) expect(attempt).toThrow(name);
});

test('faults of several fields at once are reported even when the fields do not parse', () => {
  expect(() => load({ ONBOARD_BACKOFF_MS: '9000', ONBOARD_BACKOFF_MAX_MS: '10' })).toThrow(
    'ONBOARD_BACKOFF_MAX_MS must not be smaller',
  );
});

test.each([
  ['https://p.example.com', 'https://p.example.com'],
  ['https://p.example.com/', 'https://p.example.com'],
  ['http://127.0.0.1:8090', 'http://127.0.0.1:8090'],
  ['http://localhost:8090/', 'http://localhost:8090'],
  ['http://[::1]:8090', 'http://[::1]:8090'],
])('the portal may be at %s', (given, origin) => {
  expect(load({ DOCSPACE_URL: given }).portalUrl.origin).toBe(origin);
});

test.each([
  ['ftp://p.example.com', 'must start with https://'],
  ['http://10.0.0.1', 'must start with https://'],
  ['https://p.example.com/rooms', 'write https://p.example.com'],
  ['https://p.example.com/?a=1', 'write https://p.example.com'],
  ['https://me:pw@p.example.com', 'not hold a user or a password'],
  ['p.example.com', 'not an address'],
])('the portal cannot be at %s', (given, message) => {
  expect(() => load({ DOCSPACE_URL: given })).toThrow(message);
});

test('the key comes out only when asked for, and no fault repeats it', () => {
  const config = load({ DOCSPACE_API_KEY: KEY });
  expect(config.apiKey()).toBe(KEY);
  expect(JSON.stringify(config)).not.toContain(KEY);
  const bad = 'secret-without-prefix';
  expect(() => load({ DOCSPACE_API_KEY: bad })).toThrow(/is not an API key/);
  expect(() => load({ DOCSPACE_API_KEY: bad })).not.toThrow(bad);
});

test('the key may be in a file, but not in two places', () => {
  const files = { '/run/key': `${KEY}\n` };
  const env = { DOCSPACE_API_KEY_FILE: '/run/key' };
  expect(load(env, ['key'], files).apiKey()).toBe(KEY);
  expect(() => load({ ...env, DOCSPACE_API_KEY: KEY }, [], files)).toThrow('unset one');
  expect(() => load({ DOCSPACE_API_KEY_FILE: '/none' })).toThrow('cannot be read');
});

test('a .env is read, the environment wins over it, and an empty value means unset', () => {
  const dotEnv = { ONBOARD_ATTEMPTS: '3', ONBOARD_CONCURRENCY: '4', REDIS_URL: '' };
  const env = { ONBOARD_ATTEMPTS: '5', ONBOARD_CONCURRENCY: ' ' };
  const config = loadConfig({ env, dotEnv, readFile: () => '', needs: [] });
  expect(config).toMatchObject({ attempts: 5, concurrency: 4, redisUrl: undefined });
});

test('a dashboard that others can reach needs a user and a password', () => {
  const open = { DASHBOARD_HOST: '0.0.0.0' };
  expect(() => load(open, ['dashboard'])).toThrow('DASHBOARD_USER and DASHBOARD_PASSWORD');
  expect(() => load({ DASHBOARD_USER: 'ops' })).toThrow('go together');
  const closed = { ...open, DASHBOARD_USER: 'ops', DASHBOARD_PASSWORD: 'twelve signs' };
  expect(load(closed, ['dashboard']).dashboard.credentials).toEqual({
    user: 'ops',
    password: 'twelve signs',
  });
  expect(load(open).dashboard.host).toBe('0.0.0.0');
  const short = { ...closed, DASHBOARD_PASSWORD: 'eleven sign' };
  expect(() => load(short)).toThrow('DASHBOARD_PASSWORD must have at least 12 characters');
});

test('no setting is left without a documented name', () => {
  expect(Object.keys(environmentSchema.shape)).toHaveLength(42);
});

test.each([
  'https://hooks.example.com/services/T0/B0/x0',
  'https://10.0.0.7:8443/onboard?team=a',
  'http://localhost:9000/hook',
])('%s can be notified of batches', (text) => {
  expect(load({ ONBOARD_NOTIFY_URL: text }).notifyUrl()).toBe(text);
});

test.each([
  'http://hooks.example.com/s3cret',
  'https://user:s3cret@hooks.example.com/',
  'ftp://localhost/s3cret',
  'hooks.example.com/s3cret',
])('%s cannot, and the error does not repeat it', (text) => {
  const attempt = () => load({ ONBOARD_NOTIFY_URL: text });
  expect(attempt).toThrow('ONBOARD_NOTIFY_URL must be an https:// address');
  expect(attempt).not.toThrow('s3cret');
});

test('a secret that can be guessed is refused, and not repeated', () => {
  const attempt = () => load({ ONBOARD_NOTIFY_SECRET: 'short' });
  expect(attempt).toThrow('ONBOARD_NOTIFY_SECRET must have at least 16 characters');
  expect(attempt).not.toThrow('short');
  const secret = 'long enough to sign';
  expect(load({ ONBOARD_NOTIFY_SECRET: secret }).notifySecret()).toBe(secret);
});

test('a proxy of the environment overrides one of .env, whatever its case', () => {
  const { proxies } = loadConfig({
    env: { HTTPS_PROXY: 'http://environment:1', no_proxy: 'a.example' },
    dotEnv: { https_proxy: 'http://file:2', http_proxy: 'file:3', NO_PROXY: 'b.example' },
    readFile: () => '',
    needs: [],
  });
  expect(proxies()).toEqual({
    https: 'http://environment:1/',
    http: 'http://file:3/',
    none: 'a.example',
  });
});

test.each(['http://u:p%40ss@proxy:1', 'u:p%40ss@proxy:1'])(
  'the password of the proxy %s is a secret, as written, decoded and as the header sends it',
  (HTTPS_PROXY) => {
    const header = Buffer.from('u:p@ss').toString('base64');
    expect(load({ HTTPS_PROXY }).secrets()).toEqual(
      expect.arrayContaining(['p%40ss', 'p@ss', header]),
    );
  },
);
