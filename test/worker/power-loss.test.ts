import { expect, test } from 'vitest';
import { type Submission, submit } from '../../src/batch/submit-batch.ts';
import { Draws } from '../../src/sandbox/faults/draws.ts';
import { endingAt } from '../batch/killed-producer.ts';
import { people } from '../support/people.ts';
import { ownRedis, type TestRedis } from '../support/redis-server.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { keep } from './keeping.ts';

// Redis acknowledges writes that reach the disk up to a second later (`appendfsync everysec`). Here
// Redis is killed and the writes of its last second are cut off.

const PEOPLE = 600;
const SECOND_MS = 1000;
/** Up to four servers and their workers share this process. */
const TIMEOUT_MS = 150_000;
const UNTIL = { timeoutMs: TIMEOUT_MS - 10_000 };

interface Cut {
  stage: Stage;
  server: TestRedis;
  submission: Submission;
  draws: Draws;
}

async function openCut(seed: number, first: number): Promise<Cut> {
  const server = await ownRedis();
  const stage = await openStage({ redis: server.url, sandbox: { latencyMs: 15 } });
  const submission = stage.submission(people(PEOPLE, first));
  return { stage, server, submission, draws: new Draws(seed) };
}

/** Earlier lengths of the append-only file, with their times. */
function watchFile(server: TestRedis) {
  const seen: { at: number; bytes: number }[] = [];
  const look = () => void seen.push({ at: Date.now(), bytes: server.appended() });
  const timer = setInterval(look, 20);
  look();
  return {
    /** The length a second ago, and now. */
    lastSecond: (): [from: number, to: number] => {
      clearInterval(timer);
      const before = seen.filter(({ at }) => at <= Date.now() - SECOND_MS);
      return [before.at(-1)?.bytes ?? 0, server.appended()];
    },
  };
}

async function isFinished({ stage, submission }: Cut): Promise<boolean> {
  return (await stage.report(submission.id)).state === 'finished';
}

/** Checks a batch after its end: nobody is forgotten, whatever data the lost second had. */
async function expectHealed({ stage, submission }: Cut): Promise<void> {
  const report = await stage.report(submission.id);
  const { accounts, acceptedInvites } = stage.sandbox.state();
  const mails = accounts.map((account) => account.email);
  const invited = acceptedInvites.flatMap((request) => request.emails);
  expect(report).toMatchObject({ accepted: PEOPLE, pending: 0, failed: 0, state: 'finished' });
  expect(report.created + report.existing).toBe(PEOPLE);
  expect(mails).toHaveLength(PEOPLE);
  expect(new Set(mails).size).toBe(PEOPLE);
  expect(new Set(invited).size).toBe(invited.length);
  const rows = await stage.rows(submission.id);
  const created = rows.filter((row) => row.state === 'created').map((row) => row.email);
  expect(invited.toSorted()).toEqual(created.toSorted());
  expect(invited.toSorted()).toEqual(mails.toSorted());
}

/** Works a batch, and cuts the last second off in the middle. */
async function cutWhileWorking(cut: Cut): Promise<void> {
  const { stage, server, submission, draws } = cut;
  await stage.startWorkers({}, { concurrency: 4 });
  await keep(stage);
  await submit(stage.producer(), submission);
  // By then the batch has been on the disk for a second: this point takes about 1.5 s.
  const at = 300 + Math.floor(draws.next('at') * 200);
  const submittedAt = Date.now();
  const file = watchFile(server);
  await waitFor(async () => (await stage.report(submission.id)).created >= at);
  await waitFor(() => Date.now() - submittedAt > SECOND_MS);
  const [from, to] = file.lastSecond();
  await server.kill();
  expect(stage.sandbox.state().acceptedInvites).toEqual([]);
  await server.restartFrom(from + Math.floor(draws.next('cut') * (to - from)));
  await waitFor(() => isFinished(cut), UNTIL);
  await expectHealed(cut);
}

/** Cuts after the portal has accepted the invite; any of its notes may be lost. */
async function cutAtInvite(cut: Cut): Promise<void> {
  const { stage, server, submission, draws } = cut;
  await stage.startWorkers({}, { concurrency: 4 });
  await keep(stage);
  await submit(stage.producer(), submission);
  const submittedAt = Date.now();
  const file = watchFile(server);
  const invites = () => stage.sandbox.state().acceptedInvites;
  await waitFor(() => invites().length === 1, UNTIL);
  await waitFor(() => Date.now() - submittedAt > SECOND_MS);
  const [from, to] = file.lastSecond();
  await server.restartFrom(from + Math.floor(draws.next('cut') * (to - from)));
  await waitFor(() => isFinished(cut), UNTIL);
  const { accounts } = stage.sandbox.state();
  const invited = new Set(invites().flatMap((request) => request.emails));
  expect([...invited].toSorted()).toEqual(accounts.map(({ email }) => email).toSorted());
  expect(invites().length).toBeLessThanOrEqual(2);
}

test(
  'a batch at work, or at its invite, is repaired after the last second was cut off',
  async () => {
    const open = (seed: number) => openCut(seed, seed * 10_000);
    const working = await Promise.all([1, 2].map(open));
    const inviting = await Promise.all([31, 32].map(open));
    await Promise.all([
      Promise.all(working.map(cutWhileWorking)),
      Promise.all(inviting.map(cutAtInvite)),
    ]);
  },
  TIMEOUT_MS,
);

/** Cuts between any two checks of a producer; no worker has begun. */
async function cutWhileSubmitting(cut: Cut): Promise<string[]> {
  const { stage, server, submission, draws } = cut;
  // The third check is before the first slice of jobs: every row is recorded by then.
  let recorded = 0;
  const signal = endingAt(3, () => {
    recorded = server.appended();
  });
  await submit(stage.producer({ signal }), submission);
  const end = server.appended();
  expect(end).toBeGreaterThan(recorded);
  await server.restartFrom(recorded + Math.floor(draws.next('cut') * (end - recorded)));
  const { repaired } = await keep(stage);
  await stage.startWorkers();
  await waitFor(() => isFinished(cut), UNTIL);
  await expectHealed(cut);
  expect(stage.sandbox.state().acceptedInvites).toHaveLength(1);
  return repaired();
}

test(
  'a batch whose rows were recorded is submitted to its end by the keeper',
  async () => {
    const seeds = [11, 12, 13, 14];
    const cuts = await Promise.all(seeds.map((seed) => openCut(seed, seed * 10_000)));
    const repaired = await Promise.all(cuts.map(cutWhileSubmitting));
    expect(new Set(repaired.flat())).toContain('unsealed');
  },
  TIMEOUT_MS,
);

/** Restores the file of the moment when the intake was half done: the other half is lost. */
async function cutWhileReading(cut: Cut): Promise<void> {
  const { stage, server } = cut;
  let half = 0;
  const begin = server.appended();
  const rows = people(1500);
  const submission: Submission = {
    ...cut.submission,
    rows: async function* () {
      yield* rows.slice(0, 1200);
      // Redis may hold a write back while it syncs another: the first 1,000 rows take 200 KB.
      await waitFor(() => server.appended() > begin + 100_000);
      half = server.appended();
      yield* rows.slice(1200);
    },
  };
  await submit(stage.producer(), submission);
  await server.restartFrom(half);
  await stage.ledger.redis.del(stage.ledger.keys.lock(submission.id));
  const keeper = await keep(stage);
  await waitFor(() => keeper.looks() > 3);
  expect((await stage.report(submission.id)).state).toBe('intake');
  expect(keeper.repaired()).toEqual([]);
  await stage.startWorkers();
  await submit(stage.producer(), submission);
  expect(await stage.untilFinished(submission.id)).toMatchObject({ created: 1500, invited: 1500 });
}

test(
  'a batch that lost half of its rows continues with the same submission only',
  async () => {
    await cutWhileReading(await openCut(21, 0));
  },
  TIMEOUT_MS,
);
