import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { CommanderError } from 'commander';
import { expect, inject, test } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { buildProgram } from '../../src/commands/program.ts';
import { OnboardError } from '../../src/errors.ts';
import { timings } from '../../src/timings.ts';
import { peopleCsv } from '../support/people.ts';
import { openPlace } from '../support/place.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { commandLines } from './command-lines.ts';
import { holds } from './holds.ts';

/** Not the sandbox's own key, which it prints. */
const KEY = 'sk-fedcba9876543210';

/** A Redis that answers, and a portal that does not. */
function surroundings(): Record<string, string> {
  return {
    REDIS_URL: inject('redisUrl'),
    ONBOARD_PREFIX: `{f${randomBytes(6).toString('hex')}}`,
    DOCSPACE_URL: 'http://127.0.0.1:1',
    DOCSPACE_API_KEY: KEY,
    CONSOLE_PORT: '0',
    DASHBOARD_PORT: '0',
  };
}

/** Time until Ctrl-C, ms; most commands end before. */
const CTRL_C_MS = 500;

/** The streams of a command, with an interrupt that ends servers. */
function ioFor(env: Io['env']): { io: Io; said: () => string } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let said = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const stdin = Readable.from(['email,first_name,last_name\n']);
  const io = { env, stdin, stdout, stderr, interrupt: AbortSignal.timeout(CTRL_C_MS), timings };
  return { io, said: () => said };
}

async function filesIn(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-fuzz-'));
  onRelease(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'people.csv'), peopleCsv(2));
  await writeFile(join(folder, 'empty.json'), '');
  return [...['people.csv', 'empty.json', 'absent.csv'].map((name) => join(folder, name)), folder];
}

test('any command line is a usage error, an error with a code, help, or a command that ran', async () => {
  const env = { ...surroundings(), LOG_LEVEL: 'silent' };
  const seen = new Set<string>();
  const check = async (line: string[]) => {
    const { io, said } = ioFor(env);
    const ran = await buildProgram(io, () => undefined)
      .parseAsync(line, { from: 'user' })
      .then(
        () => 'ran',
        (error) => kindOf(error, io),
      );
    expect(said()).not.toMatch(/\n {4}at |undefined|\[object|NaN/);
    seen.add(ran);
  };
  const examples = [['--help'], ['status', '--nonsense'], ['purge']];
  await holds(commandLines(await filesIn()), check, { examples });
  expect([...seen]).toEqual(expect.arrayContaining(['usage', 'E_USAGE', 'help']));
});

/** Commander's two ends, ours, and Ctrl-C; any other error fails the test. */
function kindOf(error: unknown, io: Io): string {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'help' : 'usage';
  if (!(error instanceof OnboardError)) {
    if (io.interrupt.aborted) return 'interrupted';
    throw error;
  }
  expect(error.message.trim()).not.toBe('');
  expect(error.message).not.toMatch(/undefined|\[object|NaN/);
  return error.code;
}

test('as a process it ends by itself or on Ctrl-C, in one clear message and no stack trace', async () => {
  const place = openPlace(surroundings());
  const ends = { itself: 0, interrupted: 0 };
  const check = async (line: string[]) => {
    const running = place.process.start(line);
    const ended = running.ended.then(() => true);
    const speaks = waitFor(() => running.stdout + running.stderr !== '');
    await Promise.race([ended, speaks]);
    running.send('SIGINT');
    const { code, signal, stdout, stderr } = await running.ended;
    expect(signal).toBeNull();
    expect([0, 1, 2, 3, 4, 130]).toContain(code);
    expect(stdout + stderr).not.toMatch(/\n {4}at |E_INTERNAL/);
    expect(stdout + stderr).not.toContain(KEY);
    if (code === 1) expect(stderr).toMatch(/^E_[A-Z_]+: \S/m);
    if (code === 2) expect(stderr).toMatch(/^(?:error|E_USAGE): \S|^Usage: /m);
    ends[code === 130 ? 'interrupted' : 'itself'] += 1;
  };
  await holds(commandLines(await filesIn()), check, { share: 0.02 });
  expect(ends.itself).toBeGreaterThan(0);
});
