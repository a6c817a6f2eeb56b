import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';

const TOOLS = [
  'bash',
  'env',
  'dirname',
  'mktemp',
  'tail',
  'rm',
  'touch',
  'mv',
  'find',
  'grep',
  'wc',
  'cat',
  'head',
];
const NPM = `echo "npm $*" >>calls
case "$1" in
  ci) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
  run) mkdir -p dist && touch dist/cli.js ;;
esac`;

let root: string;
let bin: string;

function stub(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** Runs setup.sh with the test's own commands alone on PATH. */
function setup(env: Record<string, string> = {}) {
  const before = calls().length;
  const { status, stderr, stdout } = spawnSync('bash', [join(root, 'scripts/setup.sh')], {
    env: { PATH: bin, ...env },
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  const lines = stderr.split('\n').filter((line) => line !== '');
  return { status, lines, calls: calls().slice(before) };
}

function calls(): string[] {
  const path = join(root, 'calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

/** Makes a file newer than all files that setup.sh has written. */
function change(path: string): void {
  const soon = new Date(Date.now() + 60_000);
  utimesSync(join(root, path), soon, soon);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'onboard-setup-'));
  onRelease(() => rmSync(root, { recursive: true }));
  bin = join(root, 'bin');
  for (const dir of ['bin', 'scripts', 'src']) mkdirSync(join(root, dir));
  cpSync('scripts/setup.sh', join(root, 'scripts/setup.sh'));
  for (const name of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ]) {
    writeFileSync(join(root, name), '{}');
  }
  writeFileSync(join(root, 'src/cli.ts'), '');
  for (const tool of [...TOOLS, 'mkdir']) {
    const path = spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(path, join(bin, tool));
  }
  stub('node', 'echo v20.19.0');
  stub('npm', NPM);
  stub('redis-server', '');
  stub('id', 'echo 1000');
});

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

describe('setup.sh while apt-get runs', () => {
  let policy: string;

  /** Starts a copy of the script whose apt-get waits until `release` is written, or a signal. */
  async function started() {
    const child = spawn('bash', [join(root, 'scripts/setup.sh')], {
      env: { PATH: bin, TMPDIR: join(root, 'tmp') },
      stdio: 'ignore',
      detached: true,
    });
    const ended = once(child, 'exit');
    onRelease(() => child.exitCode ?? child.kill('SIGKILL'));
    await waitFor(() => existsSync(join(root, 'apt-runs')), { what: 'apt-get' });
    return { pid: child.pid ?? 0, ended };
  }

  beforeEach(() => {
    policy = join(root, 'policy-rc.d');
    const script = readFileSync(join(root, 'scripts/setup.sh'), 'utf8');
    writeFileSync(
      join(root, 'scripts/setup.sh'),
      script.replaceAll('/usr/sbin/policy-rc.d', policy),
    );
    mkdirSync(join(root, 'tmp'));
    rmSync(join(bin, 'redis-server'));
    symlinkSync('/bin/chmod', join(bin, 'chmod'));
    symlinkSync('/usr/bin/tee', join(bin, 'tee'));
    execFileSync('mkfifo', [join(root, 'release')]);
    stub('id', 'echo 0');
    // The shell itself waits: a signal that comes while it starts a program reaches neither.
    const wait = ': >apt-runs\nread -r _ <release';
    stub('apt-get', `${wait}\n: >bin/redis-server\nchmod 755 bin/redis-server`);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'and a person ends it by %s leaves no policy that stops later services, and no file',
    async (signal) => {
      const { pid, ended } = await started();
      expect(existsSync(policy)).toBe(true);
      process.kill(-pid, signal);
      expect((await ended)[0]).toBeGreaterThan(128);
      expect([existsSync(policy), readdirSync(join(root, 'tmp'))]).toEqual([false, []]);
    },
  );

  it('and a supervisor ends the script alone, keeps the policy until apt-get has ended', async () => {
    const { pid, ended } = await started();
    process.kill(pid, 'SIGTERM');
    expect(existsSync(policy)).toBe(true);
    writeFileSync(join(root, 'release'), '');
    expect((await ended)[0]).toBe(143);
    expect(existsSync(policy)).toBe(false);
  });

  it('removes the policy that a killed run left behind', async () => {
    const first = await started();
    process.kill(-first.pid, 'SIGKILL');
    await first.ended;
    expect(existsSync(policy)).toBe(true);
    stub('apt-get', ': >bin/redis-server\nchmod 755 bin/redis-server');
    expect([setup().status, existsSync(policy)]).toEqual([0, false]);
  });

  it("leaves an administrator's own policy alone", () => {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    stub('apt-get', ': >bin/redis-server\nchmod 755 bin/redis-server');
    expect([setup().status, readFileSync(policy, 'utf8')]).toEqual([0, '#!/bin/sh\nexit 101\n']);
  });
});
