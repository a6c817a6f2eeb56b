import { FlowProducer, UnrecoverableError, Worker } from 'bullmq';
import type { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { buildDashboard } from '../../src/dashboard/dashboard.ts';
import { sealId } from '../../src/queue/job-id.ts';
import { CREATE_USER, INVITE } from '../../src/queue/names.ts';
import { timings } from '../../src/timings.ts';
import { shapeA } from '../portal/answers.ts';
import { silent } from '../support/batches.ts';
import { dump } from '../support/dump.ts';
import { people } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { firstPost } from '../worker/first-post.ts';

const EMAIL = 'ann.secret@example.org';
const headers = { host: 'localhost:3000' };
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** The board on all queues, and every route of bull-board. */
function board({ queues }: Stage): { app: Hono; paths: string[] } {
  const { createUser, invite, seal, notify } = queues;
  const isReady = () => Promise.resolve(true);
  const app = buildDashboard({
    queues: [createUser, invite, seal, notify],
    isReady,
    readBanner: async () => '',
    logger: silent,
    timings,
  });
  const own = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'));
  return { app, paths: [...new Set(own.map(({ path }) => path))] };
}

/** A route with its parameters replaced by a queue, a job and so on. */
function filled(path: string, names: { queue: string; job: string }): string {
  return path
    .replace(':queueName', names.queue)
    .replace(':jobId', names.job)
    .replace(':queueStatus', 'failed')
    .replaceAll(/:\w+(\{[^}]*\})?/g, 'x');
}

/** A batch with a failed child, half-way: jobs wait, the parent waits for them. */
async function openBatch(): Promise<{ stage: Stage; batch: string }> {
  const refused = { before: shapeA(400, `bad name of ${EMAIL}`, 'System.ArgumentException') };
  const stage = await openStage({ plan: firstPost({ 'p1@example.com': refused }), works: true });
  await stage.untilFinished(await stage.submit(people(3)));
  await stage.queues.createUser.pause();
  const batch = await stage.submit(people(2, 10));
  const isSealed = async () =>
    (await stage.queues.seal.getJobState(sealId(batch, 1))) === 'completed';
  await waitFor(isSealed, { what: 'the seal' });
  return { stage, batch };
}

describe('the board is read-only and shows no e-mail', () => {
  test('every write to every address is refused, and nothing in Redis changes', async () => {
    const { stage, batch } = await openBatch();
    const { app, paths } = board(stage);
    const own = paths.filter((path) => path.startsWith('/api/'));
    expect(own.length).toBeGreaterThan(30);
    expect(own).toEqual(expect.arrayContaining(['/api/queues/:queueName/:jobId/retry']));
    // The rate limiter, the marker and the stalled check come and go by themselves.
    const keys =
      /:(create-user|invite|seal|notify|batch|batches|hold)(:|$)(?!limiter$|marker$|stalled-check$)/;
    const before = await dump(stage, keys);
    expect(before).toContain(batch);
    const names = { queue: CREATE_USER, job: `${batch}.1.0` };
    const body = JSON.stringify({ jobData: {}, delay: 1, priority: 1, concurrency: 1, name: 'x' });
    const answers = await Promise.all(
      own.flatMap((path) =>
        WRITES.map(async (method) => {
          const init = {
            method,
            headers: { ...headers, 'content-type': 'application/json' },
            body,
          };
          const { status } = await app.request(filled(path, names), init);
          return `${status} ${method} ${path}`;
        }),
      ),
    );
    expect(answers.filter((answer) => !answer.startsWith('405 '))).toEqual([]);
    expect(await dump(stage, keys)).toBe(before);
  });

  test('no address tells anything of a person, for any job of a real batch', async () => {
    const { stage } = await openBatch();
    const bodies = await readAll(stage);
    expect(bodies).toContain('bad-request');
    expect(bodies).not.toMatch(/example\.(com|org)|Ana|Lee/);
  });

  test('no address tells anything of a person whose e-mail has slipped into a job', async () => {
    const stage = await openStage();
    await leakyFlow(stage);
    const asked = [`/${EMAIL}`, `/api/queues/${EMAIL}`, `/api/queues/${CREATE_USER}/${EMAIL}`];
    const bodies = await readAll(stage, asked);
    expect(bodies).toContain('[e-mail]');
    expect(bodies).not.toContain('ann.secret');
  });
});

/** The answers of every route for every job and for each list of jobs. */
async function readAll(stage: Stage, more: readonly string[] = []): Promise<string> {
  const { app, paths } = board(stage);
  const { createUser, invite, seal } = stage.queues;
  const wanted = new Set(['/api/queues', ...more]);
  for (const queue of [createUser, invite, seal]) {
    for (const status of ['latest', 'active', 'waiting', 'waiting-children', 'failed', 'completed'])
      wanted.add(`/api/queues?activeQueue=${queue.name}&status=${status}&page=1&jobsPerPage=10`);
    const jobs = await queue.getJobs();
    for (const job of jobs) {
      const names = { queue: queue.name, job: encodeURIComponent(job.id ?? '') };
      for (const path of paths) wanted.add(filled(path, names));
    }
  }
  expect(wanted.size).toBeGreaterThan(50);
  const read = async (path: string) => (await app.request(path, { headers })).text();
  return (await Promise.all([...wanted].map(read))).join('\n');
}

/** A parent with a failed child, both full of data that must not be shown. */
async function leakyFlow({ redis, url, prefix, queues }: Stage): Promise<void> {
  const flow = new FlowProducer({ connection: redis, prefix });
  onRelease(() => flow.close());
  const opts = { jobId: 'child', ignoreDependencyOnFailure: true };
  const data = { nested: [{ [EMAIL]: `<${EMAIL}>` }] };
  await flow.add({
    name: EMAIL,
    queueName: INVITE,
    data: { email: EMAIL },
    opts: { jobId: 'parent' },
    children: [{ name: EMAIL, queueName: CREATE_USER, data, opts }],
  });
  const connection = { url: url, maxRetriesPerRequest: null };
  for (const queue of [CREATE_USER, INVITE]) {
    const worker = new Worker(
      queue,
      async (job) => {
        await job.log(`row of ${EMAIL}`);
        await job.updateProgress({ at: EMAIL });
        if (job.id === 'child') throw new UnrecoverableError(`refused\n${EMAIL}`);
        return { created: EMAIL };
      },
      { connection, prefix },
    );
    onRelease(() => worker.close());
  }
  await waitFor(async () => (await queues.invite.getCompletedCount()) === 1);
}
