import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bin, change, NPM, prepare, root, setup, stub } from './setup-place.ts';

beforeEach(prepare);

describe('setup.sh', () => {
  it('installs and builds once, with a line for each step, then has nothing to do', () => {
    expect(setup()).toEqual({
      status: 0,
      lines: [
        'setup: installing the packages of package-lock.json (npm ci)',
        'setup: building (npm run build)',
      ],
      calls: ['npm ci', 'npm run build'],
    });
    expect(setup()).toEqual({ status: 0, lines: [], calls: [] });
  });

  it('builds again only when a source is newer than the build', () => {
    setup();
    change('src/cli.ts');
    expect(setup().calls).toEqual(['npm run build']);
  });

  it('installs again when the lockfile is newer than the packages', () => {
    setup();
    change('package-lock.json');
    expect(setup().calls).toEqual(['npm ci', 'npm run build']);
  });

  it.each(['v18.20.4', 'v20.18.3', 'v9.0.0'])('turns Node %s away in one line', (version) => {
    stub('node', `echo ${version}`);
    const { status, lines, calls: made } = setup();
    expect([status, made]).toEqual([1, []]);
    expect(lines).toEqual([
      expect.stringMatching(`Node 20.19 or newer is needed, found ${version}`),
    ]);
  });

  it.each(['v20.20.2', 'v22.0.0', 'v100.1.0'])('takes Node %s', (version) => {
    stub('node', `echo ${version}`);
    expect(setup().status).toBe(0);
  });

  it('says that Node is missing', () => {
    rmSync(join(bin, 'node'));
    expect(setup()).toMatchObject({ status: 1, lines: [expect.stringContaining('found none')] });
  });

  it.each([
    ['npm ci', 'echo "ETIMEDOUT registry"; exit 1'],
    ['the build', `if [ "$1" = run ]; then echo "TS2322"; exit 2; fi\n${NPM}`],
  ])('shows what %s said when it failed, and fails again the next time', (what, body) => {
    stub('npm', body);
    for (const run of [setup(), setup()]) {
      expect(run.status).toBe(1);
      expect(run.lines.at(-2)).toMatch(/ETIMEDOUT|TS2322/);
      expect(run.lines.at(-1)).toContain(`${what} failed`);
    }
  });

  it('shows beginning and end of a long failure', () => {
    stub('npm', 'n=0; while [ $n -lt 99 ]; do n=$((n + 1)); echo "line $n"; done; exit 1');
    const { lines } = setup();
    expect(lines).toHaveLength(1 + 12 + 1 + 12 + 1);
    expect(lines.slice(11, 16)).toEqual(['line 11', 'line 12', '[...]', 'line 88', 'line 89']);
  });
});

describe('setup.sh without a Redis server', () => {
  const installs = 'echo "dnf $*" >>calls; [ "$3" = redis ] || exit 1; : >bin/redis-server';

  beforeEach(() => {
    rmSync(join(bin, 'redis-server'));
    symlinkSync('/bin/chmod', join(bin, 'chmod'));
  });

  it('asks for root or an address in one line when it may not install', () => {
    stub('apt-get', 'echo apt-get >>calls');
    const { status, lines, calls: made } = setup();
    expect([status, made]).toEqual([1, ['npm ci']]);
    expect(lines.slice(1)).toEqual([expect.stringMatching(/needs root.*REDIS_URL/)]);
  });

  it('says so when there is no package manager', () => {
    expect(setup().lines.at(-1)).toMatch(/no package manager.*REDIS_URL/);
  });

  it('needs none with REDIS_URL in the environment or in .env', () => {
    expect(setup({ REDIS_URL: 'redis://h' }).status).toBe(0);
    writeFileSync(join(root, '.env'), 'A=1\nREDIS_URL=redis://h\n');
    expect(setup().status).toBe(0);
    writeFileSync(join(root, '.env'), '# REDIS_URL=redis://h\nREDIS_URL=\n');
    expect(setup().status).toBe(1);
  });

  it.each([
    ['as root', () => stub('id', 'echo 0')],
    ['by sudo', () => stub('sudo', '[ "$1" = -v ] || exec "$@"')],
  ])('installs one %s, with the second name when the first is unknown', (_, prepare) => {
    prepare();
    stub('dnf', `${installs}\nchmod 755 bin/redis-server`);
    const { status, calls: made } = setup();
    expect(made).toEqual([
      'npm ci',
      'dnf install -y valkey',
      'dnf install -y redis',
      'npm run build',
    ]);
    expect(status).toBe(0);
  });

  it('says what to do when the installation fails', () => {
    stub('id', 'echo 0');
    stub('dnf', 'echo "no network"; exit 1');
    const { status, lines } = setup();
    expect(status).toBe(1);
    expect(lines).toContain('no network');
    expect(lines.at(-1)).toMatch(/could be installed.*REDIS_URL/);
  });
});
