import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { bin, prepare, root, setup, stub } from './setup-place.ts';

beforeEach(prepare);

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
