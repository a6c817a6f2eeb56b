import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { buildProgram } from '../src/commands/program.ts';
import { loadConfig } from '../src/config/config.ts';
import { environmentSchema } from '../src/config/environment.ts';
import { hashPassword } from '../src/console/auth/passwords.ts';
import { rawRequest } from './console/raw-request.ts';
import { compose, VALUES } from './support/compose-file.ts';
import { deafIo } from './support/deaf-io.ts';
import { read } from './support/documents.ts';
import { peopleCsv } from './support/people.ts';
import { openPlace } from './support/place.ts';
import { freePort } from './support/ports.ts';
import { onRelease } from './support/resources.ts';
import { openStage } from './support/stage.ts';
import { waitFor } from './support/wait-for.ts';

const execute = promisify(execFile);

const { services, configs, volumes } = compose();
const dockerfile = read('Dockerfile');
const composedVolumes = Object.keys(volumes);

test('somebody who reads the environment of the console finds no key', () => {
  expect(Object.values(services).filter((service) => 'env_file' in service)).toEqual([]);
  const names = Object.keys(services.console?.environment ?? {});
  expect(names.filter((name) => /KEY|NOTIFY_SECRET/.test(name))).toEqual([]);
});

test.each([
  ['DOCSPACE_API_KEY', ['worker']],
  ['REDIS_PASSWORD', ['console', 'worker']],
  ['REDIS_READER_PASSWORD', ['redis']],
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

test('lists that are uploaded find a folder that the console may write and that outlives its container', () => {
  const { volumes = [], environment } = services.console ?? {};
  const dataDir = environment?.ONBOARD_DATA_DIR ?? '.onboard';
  expect(volumes.filter((volume) => volume.endsWith(`:${dataDir}`))).toEqual([
    expect.stringMatching(/^[a-z-]+:/),
  ]);
  const named = volumes.map((volume) => volume.split(':')[0] ?? '');
  expect(named.filter((name) => composedVolumes.includes(name))).toHaveLength(1);
  // A new volume has the owner of the folder in the image, where the program is the user node.
  expect(dockerfile).toMatch(new RegExp(`^RUN install -d -o node -g node -m 700 ${dataDir}$`, 'm'));
});

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

test('worker and console work with the Redis of the file, and its health check finds it', async () => {
  const port = await startComposed();
  const check = services.redis?.healthcheck?.test.at(-1);
  const healthy = check?.replace('redis-cli', `redis-cli -p ${port}`);
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
  const line = `ana:admin:${await hashPassword('a password of the test')}`;
  const here = {
    ...prefix,
    REDIS_URL: urlOf('console', port),
    CONSOLE_HOST: '127.0.0.1',
    CONSOLE_PORT: '0',
    CONSOLE_USERS_FILE: join(stage.dir, stage.write('users', line)),
    ONBOARD_DATA_DIR: join(stage.dir, 'data'),
  };
  const given = { ...services.console?.environment, ...here, DOCSPACE_URL: stage.sandbox.url };
  const running = stage.start(['console'], { env: given });
  const [, at] = await waitFor(() =>
    /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(running.stderr),
  );
  expect(running.stdout).toBe('console: http://localhost:3000\n');
  const headers = { host: 'localhost:3000', origin: 'http://localhost:3000' };
  const form = new URLSearchParams({ name: 'ana', password: 'a password of the test' });
  const answer = await rawRequest(`http://127.0.0.1:${at}`, '/sign-in', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: String(form),
  });
  expect([answer.status, answer.headers.location]).toEqual([303, '/']);
});

test('the users of the file are the documented ones', () => {
  const documented = read('docs/configuration.md').match(/(?<=^ACL SETUSER ).*$/gm) ?? [];
  const [full = '', reader = ''] = documented;
  const lines = (Object.values(configs)[0]?.content ?? '').trim().split('\n');
  const users = lines.filter((line) => !line.startsWith('user default'));
  expect(users).toEqual([
    `user ${full.replace('PASSWORD', VALUES.REDIS_PASSWORD ?? '')}`,
    `user ${reader.replace('PASSWORD', VALUES.REDIS_READER_PASSWORD ?? '')}`,
  ]);
});

/** Every command line that the files have: of services, in comments, and of the image. */
function commandLines(): string[][] {
  const composed = Object.entries(services).filter(([name]) => name !== 'redis');
  const commented = read('docker-compose.yml').matchAll(
    /docker compose run(?: -\S+)* (?:worker|console) ([^#|>\n]+)/g,
  );
  const ofImage = [...dockerfile.matchAll(/^(?:ENTRYPOINT| *CMD) (\[.*\])$/gm)];
  const image = ofImage.map(([, json = '']) => z.array(z.string()).parse(JSON.parse(json)));
  return [
    ...composed.map(([, { command }]) => command),
    ...[...commented].map(([, line = '']) => line.split(/[<\s]+/).filter(Boolean)),
    ...image.map((line) => line.filter((word) => word !== 'node' && !word.endsWith('cli.js'))),
  ].filter((line) => line.length > 0);
}

test('every command and flag of docker-compose.yml and the Dockerfile exists', () => {
  const { commands } = buildProgram(deafIo(), () => undefined);
  const lines = commandLines();
  expect(lines.length).toBeGreaterThanOrEqual(7);
  const wrong = lines.filter(([verb, ...rest]) => {
    const flags = commands.find((each) => each.name() === verb)?.options.map(({ long }) => long);
    return !rest.filter((word) => /^--./.test(word)).every((flag) => flags?.includes(flag));
  });
  expect(wrong).toEqual([]);
  expect(lines.map(([verb]) => commands.some((each) => each.name() === verb))).toEqual(
    lines.map(() => true),
  );
});

test('every variable of docker-compose.yml is one of the program, and .env.example has what it asks for', () => {
  const known = Object.keys(environmentSchema.shape);
  const composed = Object.entries(services).filter(([name]) => name !== 'redis');
  const given = composed.flatMap(([, { environment }]) => Object.keys(environment));
  expect(given.filter((name) => !known.includes(name))).toEqual([]);
  const asked = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
  const example = read('.env.example');
  expect(asked.filter((name) => !example.includes(`${name}=`))).toEqual([]);
});

test('the console of docker-compose.yml is one that its configuration allows', () => {
  const { environment = {}, ports, volumes } = services.console ?? {};
  const place = openPlace();
  const users = join(place.dir, place.write('users', 'ana:admin:x'));
  const env = { ...environment, CONSOLE_USERS_FILE: users };
  const { console: settings } = loadConfig({ env, readFile: () => '', needs: ['console'] });
  expect([settings.host, settings.auth]).toEqual(['0.0.0.0', 'users']);
  // Without TLS it is published to this machine alone.
  expect([settings.url?.origin, ports]).toEqual(['http://localhost:3000', ['127.0.0.1:3000:3000']]);
  const [, folder = 'none'] = volumes?.[0]?.split(':') ?? [];
  expect(environment.CONSOLE_USERS_FILE?.startsWith(`${folder}/`)).toBe(true);
});

test('the image is built from files that reach Docker', () => {
  const lines = read('.dockerignore').split('\n');
  const kept = lines.map((line) => line.replace(/^!/, ''));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
  const names = copied.flatMap(([, files = '']) => files.split(' '));
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !kept.includes(name.replace(/^\.\//, '')))).toEqual([]);
  const configs = read('package.json').match(/tsconfig\.\w+\.json/g) ?? [];
  expect(configs.filter((name) => !names.includes(name))).toEqual([]);
});
