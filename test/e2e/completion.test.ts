import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bashScript } from '../../src/commands/completion/bash.ts';
import { completion } from '../../src/commands/completion/completion.ts';
import { fishScript } from '../../src/commands/completion/fish.ts';
import { modelOf } from '../../src/commands/completion/model.ts';
import { zshScript } from '../../src/commands/completion/zsh.ts';
import { buildProgram } from '../../src/commands/program.ts';
import { deafIo } from '../support/deaf-io.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openPlace, type Place } from '../support/place.ts';
import { freePort } from '../support/ports.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const execute = promisify(execFile);

const model = modelOf(buildProgram(deafIo(), () => undefined));

const PROGRAM = `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli.js')}' "$@"\n`;

/** Puts `onboard` on the PATH of a place and returns the offers of bash after a line. */
async function bashIn(
  place: Place,
  command = PROGRAM,
): Promise<(line: string) => Promise<string[]>> {
  await writeFile(join(place.dir, 'onboard'), command);
  await chmod(join(place.dir, 'onboard'), 0o755);
  const env = { ...place.env, PATH: `${place.dir}:${place.env.PATH}` };
  const script = `
    source <(onboard completion bash)
    complete -p onboard >/dev/null || exit 1
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _onboard
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return async (line) => {
    const args = ['--norc', '-u', '-c', script, 'bash', ...line.split(' ')];
    const { stdout, stderr } = await execute('bash', args, { cwd: place.dir, env });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  };
}

test('bash offers verbs, flags, choices and files', async () => {
  const place = openPlace();
  place.write('people of may.csv', '');
  const offered = await bashIn(place);
  expect(await offered('onboard ')).toEqual([...model.map((verb) => verb.name), '--help']);
  expect(await offered('onboard re')).toEqual(['report', 'resume', 'retry']);
  expect(await offered('onboard cancel --')).toEqual(['--json', '--no-invite', '--yes', '--help']);
  expect(await offered('onboard run --type ')).toEqual([
    'User',
    'RoomAdmin',
    'DocSpaceAdmin',
    'All',
  ]);
  expect(await offered('onboard report --format n')).toEqual(['ndjson']);
  expect(await offered('onboard run --limit ')).toEqual([]);
  expect(await offered('onboard run p')).toEqual(['people of may.csv']);
  expect(await offered('onboard find --j')).toEqual(['--json']);
  expect(await offered('onboard completion z')).toEqual(['zsh']);
});

test('bash offers the batches of a private Redis that a command has open', async () => {
  const stage = await openStage({ redis: 'private', sandbox: { latencyMs: 50 } });
  stage.write('people.csv', peopleCsv(300));
  const running = stage.process.start([
    'run',
    'people.csv',
    '--batch',
    'may',
    '--concurrency',
    '1',
  ]);
  await untilCreated(stage.sandbox, 1);
  const offered = await bashIn(stage);
  // A shell waits half a second for Redis, which a busy machine may exceed now and then.
  const words = (line: string) =>
    waitFor(async () => {
      const found = await offered(line);
      return found.length > 0 ? found : undefined;
    });
  expect(await words('onboard report ')).toEqual(['may']);
  expect(await words('onboard status m')).toEqual(['may']);
  running.send('SIGKILL');
  await running.ended;
});

/** Words that a shell would run, match with files, or print raw. */
const HOSTILE = ['$(touch pwned)', '`touch pwned`', '*', 'a;touch pwned', 'may\u001b[2J', '-rf'];

test('a writer of Redis cannot run a command through the completion of bash', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(1));
  await stage.run(['submit', 'people.csv', '--batch', 'may']);
  const { redis, ledger } = stage;
  for (const [index, id] of HOSTILE.entries()) await redis.zadd(ledger.keys.batches, index, id);
  const offered = await bashIn(stage);
  const words = await waitFor(async () => {
    const found = await offered('onboard report ');
    return found.length > 0 ? found : undefined;
  });
  expect(words).toEqual(['may']);
  const listed = await stage.run(['completion', 'batches']);
  expect(listed.stdout).toBe('may\n');
  expect(existsSync(join(stage.dir, 'pwned'))).toBe(false);
});

test('a program of another version cannot offer bash what a shell would run', async () => {
  const place = openPlace();
  const lines = [...HOSTILE, 'may'].map((word) => `echo '${word}'`).join('\n');
  const real = `'${process.execPath}' '${resolve('dist/cli.js')}' "$@"`;
  const fake = `#!/bin/sh\nif [ "$2" = bash ]; then exec ${real}; fi\n${lines}\n`;
  const offered = await bashIn(place, fake);
  expect(await offered('onboard report ')).toEqual(['may']);
  place.write('a $(touch pwned) *', '');
  expect(await offered('onboard run a')).toEqual(['a $(touch pwned) *']);
  expect(existsSync(join(place.dir, 'pwned'))).toBe(false);
});

test('batches of a Redis that is away, or of none, are none, without a word or a file', async () => {
  const away = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
  for (const env of [away, {}, { REDIS_URL: 'nonsense' }]) {
    const place = openPlace(env);
    const { code, stdout, stderr } = await place.run(['completion', 'batches']);
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    expect(existsSync(join(place.dir, '.onboard'))).toBe(false);
  }
});

test('batches come newest first', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(1));
  for (const batch of ['one', 'two']) await stage.run(['submit', 'people.csv', '--batch', batch]);
  const { stdout } = await stage.run(['completion', 'batches']);
  expect(stdout).toBe('two\none\n');
});

test('every script has every verb, flag and choice of the program', () => {
  const asFish = (flag: string) => `-l ${flag.slice(2)} `;
  for (const { name, about, flags } of model) {
    expect(zshScript(model)).toContain(`'${name}:${about}'`);
    expect(fishScript(model)).toContain(`-a ${name} -d '${about}'`);
    for (const { flag, values } of flags) {
      expect(bashScript(model)).toMatch(new RegExp(`^ +${name}\\) .*${flag}[ ']`, 'm'));
      expect(zshScript(model)).toContain(`'${flag}[`);
      const inVerb = `complete -c onboard -n '__fish_seen_subcommand_from ${name}' ${asFish(flag)}`;
      expect(fishScript(model)).toContain(inVerb);
      if (typeof values !== 'object') continue;
      for (const script of [bashScript, zshScript, fishScript]) {
        expect(script(model)).toContain(values.join(' '));
      }
    }
  }
});

test.each(['bash', 'zsh', 'fish'] as const)(
  'the script for %s names no path and no secret',
  async (shell) => {
    const stdout = new PassThrough();
    const program = buildProgram(deafIo(), () => undefined);
    expect(await completion(deafIo({ stdout }), program, shell)).toBe(0);
    const script = String(stdout.read());
    expect(script).toContain(`onboard completion ${shell}`);
    expect(script).not.toMatch(/undefined|\[object|null\b(?!`)(?<!\/dev\/null)/);
  },
);
