import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { read } from './support/documents.ts';
import { peopleCsv } from './support/people.ts';
import { freePort } from './support/ports.ts';
import { onRelease } from './support/resources.ts';
import { openStage } from './support/stage.ts';
import { waitFor } from './support/wait-for.ts';

const execute = promisify(execFile);

const VALUES: Record<string, string> = {
  DOCSPACE_API_KEY: 'sk-key-of-the-env-file',
  DASHBOARD_USER: 'ops',
  DASHBOARD_PASSWORD: 'password-of-the-dashboard',
  REDIS_PASSWORD: 'password-of-the-program',
  REDIS_READER_PASSWORD: 'password-of-the-reader',
};

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      env_file: z.unknown().optional(),
      environment: z.record(z.string(), z.string()).default({}),
      command: z.array(z.string()),
      configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
    }),
  ),
  configs: z.record(z.string(), z.object({ content: z.string() })).default({}),
});

/** The file as Compose reads it, which puts the values of a `.env` into parsed texts. */
function compose() {
  const filled = (_: unknown, value: unknown) =>
    typeof value === 'string'
      ? value.replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (__, name: string) => VALUES[name] ?? '')
      : value;
  return composeSchema.parse(parse(read('docker-compose.yml'), filled, { merge: true }));
}

const { services, configs } = compose();

test('somebody who reads the environment of the dashboard finds no key and no right to write', () => {
  expect(Object.values(services).filter((service) => 'env_file' in service)).toEqual([]);
  const { dashboard } = services;
  expect(Object.keys(dashboard?.environment ?? {}).sort()).toEqual([
    'DASHBOARD_HOST',
    'DASHBOARD_PASSWORD',
    'DASHBOARD_PORT',
    'DASHBOARD_USER',
    'LOG_LEVEL',
    'REDIS_URL',
  ]);
  expect(dashboard?.environment.REDIS_URL).toContain('//onboard-reader:');
});

test.each([
  ['DOCSPACE_API_KEY', ['worker']],
  ['DASHBOARD_PASSWORD', ['dashboard']],
  ['REDIS_PASSWORD', ['worker']],
  ['REDIS_READER_PASSWORD', ['dashboard', 'redis']],
])('%s is in the environment of %j alone', (name, allowed) => {
  const value = VALUES[name] ?? 'absent';
  const having = Object.entries(services).filter(([, { environment, command }]) =>
    JSON.stringify([environment, command]).includes(value),
  );
  expect(having.map(([service]) => service).sort()).toEqual(allowed);
});

test.each(Object.keys(services))(
  'the service %s cannot write, gain a right or a capability',
  (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    });
  },
);

/** Starts the Redis of the file for real; returns its port. */
async function startComposed(): Promise<number> {
  const [dir, port] = [await mkdtemp(join(tmpdir(), 'onboard-compose-')), await freePort()];
  const [program = '', ...given] = services.redis?.command ?? [];
  const args = await Promise.all(
    given.map(async (arg) => {
      const mount = services.redis?.configs.find(({ target }) => target === arg);
      if (mount === undefined) return arg;
      const file = join(dir, mount.source);
      await writeFile(file, configs[mount.source]?.content ?? '');
      await chmod(file, 0o444);
      return file;
    }),
  );
  const here = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
  const child = spawn(program, [...args, ...here], { stdio: 'ignore' });
  onRelease(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(dir, { recursive: true });
  });
  return port;
}

/** REDIS_URL of a service, on this machine. */
function urlOf(service: string, port: number): string {
  return (services[service]?.environment.REDIS_URL ?? '').replace(
    /redis:\d+$/,
    `127.0.0.1:${port}`,
  );
}

test('a container that reaches Redis without a password gets nothing', async () => {
  const port = await startComposed();
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  onRelease(() => redis.disconnect());
  const answer = () => redis.get('{onboard}:batches').catch(({ message }) => message);
  await waitFor(async () => /^NO(AUTH|PERM)/.test(String(await answer())));
  expect(await answer()).toMatch(/^NO(AUTH|PERM)/);
});

test('worker and dashboard work with the Redis of the file, and its health check finds it', async () => {
  const port = await startComposed();
  const healthy = services.redis?.healthcheck?.test
    .at(-1)
    ?.replace('redis-cli', `redis-cli -p ${port}`);
  const env = { PATH: process.env.PATH, ...services.redis?.environment };
  const isHealthy = async () => {
    const checking = execute('/bin/sh', ['-c', healthy ?? 'false'], { env });
    return checking.then(({ stderr }) => stderr === '').catch(() => false);
  };
  await waitFor(isHealthy, { what: 'a healthy Redis' });
  const prefix = { ONBOARD_PREFIX: '{onboard}' };
  const worker = { ...prefix, REDIS_URL: urlOf('worker', port) };
  const stage = await openStage({ redis: worker.REDIS_URL, env: worker });
  stage.write('people.csv', peopleCsv(2));
  const run = await stage.run(['run', 'people.csv', '--batch', 'one']);
  expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('2 created')]);
  const reader = { ...prefix, REDIS_URL: urlOf('dashboard', port) };
  expect((await stage.run(['report', 'one'], { env: reader })).stdout).toContain('p1@example.com');
  expect((await stage.run(['pause'], { env: reader })).stderr).toMatch(/^E_REDIS_REFUSES: /);
});

test('the users of the file are the documented ones', () => {
  const documented = read('docs/configuration.md').match(/(?<=^ACL SETUSER ).*$/gm) ?? [];
  const [full = '', reader = ''] = documented;
  const content = Object.values(configs)[0]?.content ?? '';
  const users = content
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('user default'));
  expect(users).toEqual([
    `user ${full.replace('PASSWORD', VALUES.REDIS_PASSWORD ?? '')}`,
    `user ${reader.replace('PASSWORD', VALUES.REDIS_READER_PASSWORD ?? '')}`,
  ]);
});
