import { Job, type Queue, UnrecoverableError } from 'bullmq';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import type { Admission } from '../../src/ledger/stops/waits.ts';
import { CREATE_USER, INVITE, SEAL } from '../../src/queue/names.ts';
import { createUserPayload, invitePayload, sealPayload } from '../../src/queue/payloads.ts';
import { admitUser, createUser } from '../../src/worker/create/create-user.ts';
import type { WorkerDeps } from '../../src/worker/deps.ts';
import { admitAtOnce, admitRequests, type JobKind, processorOf } from '../../src/worker/execute.ts';
import { invite } from '../../src/worker/invite/invite-job.ts';
import { done } from '../../src/worker/outcome.ts';
import { seal } from '../../src/worker/seal.ts';
import { silent } from '../support/batches.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { holds } from './holds.ts';

type Target<P extends { batch: string }, A extends Admission> = JobKind<P, A> & { name: string };

const createUserTarget = {
  name: CREATE_USER,
  schema: createUserPayload,
  admit: admitUser,
  handle: createUser,
};
const inviteTarget = {
  name: INVITE,
  schema: invitePayload,
  admit: admitRequests,
  handle: invite,
};
const sealTarget = { name: SEAL, schema: sealPayload, admit: admitAtOnce, handle: seal };

const number = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, 2, 3) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1) },
  { weight: 1, arbitrary: fc.double() },
);
const batchId = (known: string) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(known, 'b0', 'another') },
    { weight: 2, arbitrary: fc.constantFrom('', ':', `${known}:rows:0`, '}', '__proto__', '0') },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
  );

/** Payloads that are right or nearly right: an existing batch, a missing one, odd numbers. */
function nearly(known: string): fc.Arbitrary<unknown> {
  const members = {
    batch: batchId(known),
    round: number,
    row: number,
    sealed: fc.boolean(),
    expected: number,
    email: fc.emailAddress(),
  };
  const keys = ['batch', 'round', 'row', 'sealed', 'expected'] as const;
  return fc.oneof(
    { weight: 8, arbitrary: fc.record(members, { requiredKeys: [...keys] }) },
    { weight: 1, arbitrary: fc.record(members, { requiredKeys: [] }) },
  );
}

const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
  fc.jsonValue(),
  nearly('b1'),
);

const targets = [createUserTarget, inviteTarget, sealTarget].map(({ name }) => name);

test.each(targets)('whatever the data of a %s job, it is handled or E_PAYLOAD', async (name) => {
  const stage = await openStage();
  const deps = stage.deps();
  const seen = { handled: 0, refused: 0 };
  await holds(anything, async (data) => {
    const job = new Job(queueOf(stage, name), name, data, { attempts: 3 }, 'job');
    seen[await parsed(deps, name, job)] += 1;
  });
  expect(Math.min(seen.handled, seen.refused)).toBeGreaterThan(0);
});

/** Runs a job with a handler that only notes that it was called. */
async function parsed(deps: WorkerDeps, name: string, job: Job): Promise<'handled' | 'refused'> {
  const handle = async () => done('called');
  const called = { handle, admit: admitAtOnce };
  const run = {
    [CREATE_USER]: processorOf(deps, { ...createUserTarget, ...called }, () => undefined),
    [INVITE]: processorOf(deps, { ...inviteTarget, ...called }, () => undefined),
    [SEAL]: processorOf(deps, { ...sealTarget, ...called }, () => undefined),
  }[name];
  const result = await run?.(job).catch((error: unknown) => error);
  if (result === 'called') return 'handled';
  expect(result).toBeInstanceOf(UnrecoverableError);
  expect(result).toMatchObject({ message: 'E_PAYLOAD' });
  return 'refused';
}

test.each([
  [CREATE_USER, (stage: Stage, known: string) => accepted(stage, known, createUserTarget)],
  [INVITE, (stage: Stage, known: string) => accepted(stage, known, inviteTarget)],
  [SEAL, (stage: Stage, known: string) => accepted(stage, known, sealTarget)],
] as const)('what a %s job may say, its handler can deal with', async (_, hold) => {
  const stage = await openStage();
  await hold(stage, await stage.submit(people(3)));
});

const ends = /^(done|snooze|retry|wait-for-children|fail)$/;

async function accepted<P extends { batch: string }, A extends Admission>(
  stage: Stage,
  known: string,
  { schema, admit, handle }: Target<P, A>,
): Promise<void> {
  const deps = stage.deps();
  const attempt = { queue: CREATE_USER, number: 1, isLast: false, jobId: 'fuzz', logger: silent };
  await holds(nearly(known), async (data) => {
    const payload = schema.safeParse(data);
    if (!payload.success) return;
    const admitted = await admit(deps, payload.data, attempt);
    const outcome = await handle(deps, payload.data, attempt, admitted).catch(
      (error: unknown) => error,
    );
    if (outcome instanceof OnboardError) return expect(outcome.code).toBe('E_BATCH_UNKNOWN');
    expect(outcome).toMatchObject({ job: { kind: expect.stringMatching(ends) } });
  });
}

test('in a real queue, jobs of any JSON fail at once, and those beside them are worked', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(5));
  const ids: string[] = [];
  const add = async (data: unknown) => {
    const queue = queueOf(stage, targets[ids.length % 3] ?? SEAL);
    const jobId = `odd-${ids.length}`;
    ids.push(`${queue.name} ${jobId}`);
    await queue.add(queue.name, data, { jobId, attempts: 5 });
  };
  await holds(fc.jsonValue(), add, { share: 0.05 });
  await stage.startWorkers({}, { concurrency: 5 });
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 5, invited: 5 });
  for (const id of ids) {
    const [name = '', jobId = ''] = id.split(' ');
    const job = await waitFor(async () => {
      const found = await queueOf(stage, name).getJob(jobId);
      return found?.finishedOn === undefined ? undefined : found;
    });
    expect(job).toMatchObject({ failedReason: 'E_PAYLOAD', attemptsMade: 1 });
  }
});

function queueOf({ queues }: Stage, name: string): Queue {
  if (name === CREATE_USER) return queues.createUser;
  return name === INVITE ? queues.invite : queues.seal;
}
