import { expect, test } from 'vitest';
import { buildProgram } from '../../src/commands/program.ts';
import { timings } from '../../src/timings.ts';
import { deafIo } from '../support/deaf-io.ts';
import { createdOn, peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

/** The life of a batch, with each command at least once, its exit status and its words. */
const LIFE: readonly [string, string][] = [
  ['check', 'ok '],
  ['completion bash', 'complete '],
  ['submit people.csv --batch all --limit 2', 'all'],
  ['pause', 'held (paused)'],
  ['resume', 'lifted (paused)'],
  ['run people.csv --batch all --limit 2', 'onboard continue all'],
  ['status all', '2 created'],
  ['continue all', 'continuing with 3 people'],
  ['cancel all --yes', 'cancelled 3 people'],
  ['run people.csv --batch all --limit 2', 'cancelled'],
  ['retry all', 'retrying 3 people'],
  ['run people.csv --batch all --limit 2', '5 created'],
  ['invite all', 'nobody is left to invite'],
  ['set-roles all', 'every account has the role'],
  ['watch all', 'finished'],
  ['report all', 'p4@example.com'],
  ['find p4@example.com', 'batch all: finished'],
  ['log', 'retry'],
  ['purge all --yes', 'purged all: 5 rows'],
];

/** These serve until they are stopped; other tests start them as processes. */
const SERVERS = ['worker', 'console', 'dashboard', 'sandbox'];

test('every command runs as a process of the executable', async () => {
  const commands = buildProgram(deafIo(), () => undefined).commands.map((one) => one.name());
  const begun = LIFE.map(([line]) => line.split(' ')[0]);
  expect([...new Set([...begun, ...SERVERS])].sort()).toEqual(commands.sort());
  const stage = await openStage({ timings });
  stage.write('people.csv', peopleCsv(5));
  for (const [line, words] of LIFE) {
    const { code, stdout, stderr } = await stage.process.run(line.split(' '));
    expect([line, code, stdout]).toEqual([line, 0, expect.stringContaining(words)]);
    expect(stderr).not.toMatch(/^E_|\n {4}at /m);
  }
  expect(createdOn(stage.sandbox)).toHaveLength(5);
});
