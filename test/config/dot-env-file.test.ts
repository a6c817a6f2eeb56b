import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPlace } from '../support/place.ts';
import { openStage } from '../support/stage.ts';

const BOM = '\u{feff}';
const KEY = `sk-${'a1'.repeat(32)}`;

function utf16(text: string, order: 'le' | 'be', bom = BOM): Buffer {
  const bytes = Buffer.from(`${bom}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

test('a .env with a byte order mark keeps its first variable', async () => {
  const stage = await openStage();
  const { REDIS_URL = '', ...rest } = stage.env;
  stage.write('.env', `${BOM}REDIS_URL=${REDIS_URL}\nLOG_LEVEL=warn\n`);
  const place = openPlace(rest);
  place.write('.env', `${BOM}REDIS_URL=${REDIS_URL}\nLOG_LEVEL=warn\n`);
  const { stdout, stderr } = await place.run(['check', '--json']);
  expect(stdout).not.toContain('private Redis');
  expect([stderr, stdout]).toEqual(['', expect.stringContaining('noeviction')]);
});

test.each([
  ['little-endian', utf16('REDIS_URL=redis://127.0.0.1:1\n', 'le')],
  ['big-endian', utf16('REDIS_URL=redis://127.0.0.1:1\n', 'be')],
  ['without a mark', utf16('REDIS_URL=redis://127.0.0.1:1\n', 'le', '')],
])('a .env in UTF-16 (%s) is an error that names the encoding', async (_, bytes) => {
  const place = openPlace({ DOCSPACE_URL: 'http://127.0.0.1:1' });
  writeFileSync(join(place.dir, '.env'), bytes, { mode: 0o600 });
  const { code, stderr } = await place.run(['status']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^E_CONFIG: .*\.env is UTF-16: save it as UTF-8/),
  ]);
});

test.each(['utf-8 with a mark', 'utf-16'])('a file with the key in %s', async (encoding) => {
  const place = openPlace({ DOCSPACE_URL: 'http://127.0.0.1:1', DOCSPACE_API_KEY_FILE: 'key' });
  const isWide = encoding === 'utf-16';
  writeFileSync(join(place.dir, 'key'), isWide ? utf16(KEY, 'le') : `${BOM}${KEY}`);
  const { stderr } = await place.run(['check']);
  if (isWide) expect(stderr).toMatch(/DOCSPACE_API_KEY_FILE is UTF-16: save it as UTF-8/);
  else expect(stderr).toBe('');
  expect(stderr).not.toContain(KEY);
});

test.each([
  ['the environment', 'ONBOARD_CONCURENCY', 'ONBOARD_CONCURRENCY'],
  ['.env', 'ONBOARD_REQUESTS_PER_MIN', 'ONBOARD_REQUESTS_PER_MINUTE'],
  ['.env', 'DASHBOARD_PASWORD', 'DASHBOARD_PASSWORD'],
  ['the environment', 'DOCSPACE_APIKEY', 'DOCSPACE_API_KEY'],
  ['the environment', 'DOCSPACE_KEY_FILE', 'DOCSPACE_API_KEY_FILE'],
])(
  'a variable of %s that is misspelt (%s) is warned of once, without its value',
  async (where, name, nearest) => {
    const stage = await openStage();
    const value = 'a-value-of-this-test';
    if (where === '.env') stage.write('.env', `${name}=${value}\n`);
    const env: Record<string, string> = where === '.env' ? {} : { [name]: value };
    const { code, stderr } = await stage.run(['status'], { env });
    expect(code).toBe(0);
    const warned = stderr.split('\n').filter((line) => line.includes(name));
    expect(warned).toEqual([
      `warning: ${name} in ${where} is no variable of this program and is ignored: did you mean ${nearest}?`,
    ]);
    expect(stderr).not.toContain(value);
  },
);

test('a variable that resembles none is warned of without a proposal', async () => {
  const stage = await openStage();
  const { stderr } = await stage.run(['status'], { env: { CONSOLE_SESSION_HOURS: '8' } });
  expect(stderr).toBe(
    'warning: CONSOLE_SESSION_HOURS in the environment is no variable of this program and is ignored: docs/configuration.md lists all\n',
  );
});

test('variables that Kubernetes adds for a service are not warned of, nor are empty ones', async () => {
  const stage = await openStage();
  const env = {
    DASHBOARD_SERVICE_HOST: '10.0.0.1',
    DASHBOARD_SERVICE_PORT_HTTP: '80',
    DASHBOARD_PORT_3000_TCP_ADDR: '10.0.0.1',
    ONBOARD_SOMETHING: '',
  };
  expect((await stage.run(['status'], { env })).stderr).toBe('');
});
