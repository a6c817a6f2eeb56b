import type { Queue } from 'bullmq';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resume } from '../../src/batch/stop-queues.ts';
import { people, peopleCsv } from '../support/people.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Ended } from '../support/running.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { keep } from '../worker/keeping.ts';
import { holds } from './holds.ts';
import { type Change, change, changes, copyStore, isOurs } from './store.ts';

const READING = [
  ['status'],
  ['status', '--json'],
  ['status', 'done'],
  ['status', 'done', '--json'],
  ['status', 'open'],
  ['report', 'done', '--format', 'ndjson'],
  ['find', 'p1@example.com'],
  ['log'],
  ['log', '--json'],
  ['completion', 'batches'],
];
const CHANGING = [
  ['retry', 'done'],
  ['cancel', 'open', '--yes'],
  ['continue', 'done'],
  ['invite', 'open'],
  ['purge', 'done', '--people', '--yes'],
  ['purge', '--older-than', '0d', '--yes'],
  ['pause'],
  ['resume'],
];
const RAW = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A finished batch with a failed person, an unfinished one, a hold and their notifications. */
async function openFilled(): Promise<Stage> {
  const stage = await openStage();
  const { url } = await startReceiver();
  stage.sandbox.setFaults({ create: { race403: 0.4 } });
  const env = { ONBOARD_ATTEMPTS: '1', ONBOARD_LOOKUP_DELAY_MS: '0' };
  stage.write('done.csv', `${peopleCsv(6)}bad,,\n`);
  const run = ['run', 'done.csv', '--batch', 'done', '--max-failures', '100', '--notify', url];
  await stage.run(run, { env });
  stage.write('open.csv', peopleCsv(4, 100));
  await stage.run(['submit', 'open.csv', '--batch', 'open', '--notify', url]);
  await stage.run(['pause']);
  return stage;
}

test('a writer of Redis can make no command crash, act on a terminal or forge a line', async () => {
  const stage = await openFilled();
  const { redis, keys } = stage.ledger;
  await redis.set(`${keys.waits}create-user`, '{"limiter":"requests"}', 'PX', 600_000);
  await redis.hset(keys.outage, { code: 'timeout', since: Date.now() });
  const store = await copyStore(stage);
  expect(store.names.length).toBeGreaterThan(20);
  const attack = async (attempt: Change) => {
    await change(stage.redis, store.names, attempt);
    const changing = CHANGING[attempt.field % CHANGING.length] ?? [];
    try {
      for (const args of [...READING, changing]) judge(args, await stage.run(args));
    } finally {
      await store.putBack();
    }
  };
  await holds(changes, attack, { share: 0.1 });
});

const payloads = fc.oneof(
  fc.jsonValue(),
  fc.record({ batch: fc.constantFrom('done', 'open', 'x:rows'), round: fc.nat(3), row: fc.nat(9) }),
  fc.record({ batch: fc.constant('open'), notice: fc.constantFrom('open.1.held.1', 'x') }),
);
const queueNames = fc.constantFrom('createUser', 'invite', 'seal', 'notify' as const);

test('a writer of Redis can make no worker crash, nor put a text on the board', async () => {
  const stage = await openFilled();
  await stage.run(['resume']);
  const store = await copyStore(stage);
  await stage.startWorkers();
  const keeping = await keep(stage);
  const attacks = fc.tuple(changes, queueNames, payloads);
  await holds(
    attacks,
    async ([attempt, name, payload]) => {
      await change(stage.redis, store.names, attempt);
      const looks = keeping.looks();
      const queue: Queue = stage.queues[name];
      const job = await queue.add(name, payload, { attempts: 1 });
      await waitFor(async () => keeping.looks() > looks && isSettled(await job.getState()));
      const { failedReason = 'none' } = (await queue.getJob(job.id ?? '')) ?? {};
      expect(failedReason).toMatch(/^[\w-]+$/);
      await store.putBack(isOurs);
    },
    { share: 0.1 },
  );
  expect(keeping.lines.join('\n')).not.toMatch(RAW);
  // A planted portal or failure holds the queues, as it should.
  await resume(stage);
  await stage.untilFinished(await stage.submit(people(2, 200)));
});

/** A job that was put back waits for a hold or a time: it crashed nothing either. */
function isSettled(state: string): boolean {
  return state !== 'active';
}

function judge(args: readonly string[], { code, stdout, stderr }: Ended): void {
  const seen = `${args.join(' ')}\n${stdout}${stderr}`;
  expect([0, 1, 3, 4], seen).toContain(code);
  expect(seen).not.toMatch(RAW);
  expect(seen).not.toMatch(/E_INTERNAL|^(?:held \(forged|E_FORGED)|\n {4}at /m);
}
