import { describe, expect, test } from 'vitest';
import { submit } from '../src/batch/submit-batch.ts';
import { noteRow } from '../src/ledger/rows/rows.ts';
import { createLogger } from '../src/process/logger.ts';
import { CREATE_USER } from '../src/queue/names.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { endingAt } from './batch/killed-producer.ts';
import { html, shapeA } from './portal/answers.ts';
import { post } from './sandbox/support.ts';
import { dump } from './support/dump.ts';
import { type Fault, faultyPortal } from './support/faulty-portal.ts';
import { people, person } from './support/people.ts';
import { openStage, type Stage } from './support/stage.ts';
import { waitFor } from './support/wait-for.ts';
import { firstPost, refusing } from './worker/first-post.ts';

// "What must always hold" in architecture.md, rule by rule; test/e2e has SIGKILL.

const email = 'p0@example.com';
const finalStates = ['created', 'existing', 'failed', 'cancelled'];
const posts = ({ sandbox }: Stage) => sandbox.state().postsByEmail;

describe('every accepted row ends in exactly one final state', () => {
  test('with every kind of answer on the way', async () => {
    const faults: Record<string, Fault> = {
      'p1@example.com': { before: 'reset' },
      'p2@example.com': { after: 'reset' },
      'p3@example.com': { before: html(502) },
      'p4@example.com': { after: shapeA(500, 'failed', 'System.Exception') },
      'p5@example.com': { after: 'silence' },
      'p6@example.com': { before: { status: 429, headers: { 'retry-after': '1' }, body: '' } },
    };
    const plan = refusing('p7@example.com', firstPost(faults));
    const sandbox = { existing: ['p8@example.com', 'p9@example.com'] };
    const stage = await openStage({ plan, works: true, sandbox, requestTimeoutMs: 500 });
    const batch = await stage.submit([...people(40), person('P3@example.com')]);
    const report = await stage.untilFinished(batch);
    expect(report).toMatchObject({ accepted: 40, duplicates: 1, created: 37, existing: 2 });
    expect(report).toMatchObject({ failed: 1, pending: 0, invited: 37, inviteRequests: 1 });
    const states = (await stage.rows(batch)).map((row) => row.state);
    expect(states.filter((state) => finalStates.includes(state))).toHaveLength(40);
  });

  test('when the producer dies half-way and the workers change in between', async () => {
    const stage = await openStage();
    const first = await stage.startWorkers();
    const submission = stage.submission(people(1050));
    const dying = stage.producer({ signal: endingAt(5) });
    await expect(submit(dying, submission)).rejects.toThrow('killed');
    await waitFor(async () => (await stage.report(submission.id)).created > 100);
    await first.close();
    await submit(stage.producer(), submission);
    await stage.startWorkers();
    const report = await stage.untilFinished(submission.id);
    expect(report).toMatchObject({ accepted: 1050, created: 1050, invited: 1050, pending: 0 });
    expect(new Set(Object.values(posts(stage)))).toEqual(new Set([1]));
  });
});

describe('every created account is in exactly one accepted invite, others in none', () => {
  test('existing and failed people are left out', async () => {
    const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };
    const stage = await openStage({
      plan: firstPost({ 'p1@example.com': refused }),
      works: true,
      sandbox: {
        existing: [email],
      },
    });
    await stage.untilFinished(await stage.submit(people(4)));
    const { acceptedInvites } = stage.sandbox.state();
    expect(acceptedInvites.map((one) => one.emails)).toEqual([
      ['p2@example.com', 'p3@example.com'],
    ]);
  });

  test('only an unknown end is sent again, mails nobody twice, and the report says so', async () => {
    let left = 1;
    const stage = await openStage({
      plan: ({ what }) =>
        what === 'POST /people/invite' && left-- > 0 ? { after: 'reset' } : undefined,
      works: true,
    });
    const report = await stage.untilFinished(await stage.submit(people(3)));
    expect(report).toMatchObject({ invited: 3, inviteRequests: 2 });
    const { acceptedInvites, mailsSent } = stage.sandbox.state();
    expect(acceptedInvites).toHaveLength(2);
    expect(Object.values(mailsSent).map((mails) => mails.invite)).toEqual([0, 0, 0]);
  });
});

describe('an unknown outcome is looked up before any second POST', () => {
  test.each<[string, Fault, string[]]>([
    ['reset after the creation', { after: 'reset' }, ['POST', 'GET']],
    ['reset before the creation', { before: 'reset' }, ['POST', 'GET', 'POST']],
    ['timeout after the creation', { after: 'silence' }, ['POST', 'GET']],
    ['timeout before the creation', { before: 'silence' }, ['POST', 'GET', 'POST']],
    ['500 after the creation', { after: shapeA(500, 'x', 'System.Exception') }, ['POST', 'GET']],
    ['504 before the creation', { before: html(504) }, ['POST', 'GET', 'POST']],
  ])('%s', async (_, fault, requests) => {
    const plan = firstPost({ [email]: fault });
    const stage = await openStage({ plan, works: true, requestTimeoutMs: 500 });
    const batch = await stage.submit(people(1));
    expect(await stage.untilFinished(batch)).toMatchObject({ created: 1, invited: 1 });
    const asked = stage.asked.filter(({ what }) => /people$|email$/.test(what));
    expect(asked.map(({ what }) => what.split(' ')[0])).toEqual(requests);
    expect(posts(stage)).toEqual({ [email]: 1 });
  });

  test('a worker killed in mid-request leaves a doubt, and its account is found', async () => {
    const stage = await openStage();
    const batch = await stage.submit(people(1));
    const ref = { batch, round: 1, row: 0 };
    await noteRow(stage.ledger, ref, { doubt: { kind: 'posting' } });
    await post(stage.sandbox, { email });
    await stage.startWorkers();
    expect(await stage.untilFinished(batch)).toMatchObject({ created: 1, invited: 1 });
    expect(posts(stage)).toEqual({ [email]: 1 });
  });

  test("the German portal's 400 for a registered person is settled by a lookup", async () => {
    const stage = await openStage({ sandbox: { locale: 'de', existing: [email] } });
    await stage.startWorkers();
    const batch = await stage.submit(people(2));
    expect(await stage.untilFinished(batch)).toMatchObject({ existing: 1, created: 1, failed: 0 });
    expect(stage.sandbox.state().acceptedInvites[0]?.emails).toEqual(['p1@example.com']);
  });
});

describe('a person is in at most one unfinished batch', () => {
  test('a second batch turns the person away, naming the first, until that one has finished', async () => {
    const stage = await openStage();
    const first = await stage.submit(people(3));
    const second = await stage.submit(people(4));
    const [row] = await stage.rows(second);
    expect(row).toMatchObject({ state: 'rejected', code: 'in-other-batch' });
    expect(row?.reason).toContain(first);
    await stage.startWorkers();
    await stage.untilFinished(first);
    expect(await stage.untilFinished(second)).toMatchObject({ created: 1, rejected: 3 });
    const third = await stage.submit(people(4));
    expect(await stage.untilFinished(third)).toMatchObject({ existing: 4, rejected: 0 });
    expect(Object.keys(posts(stage))).toHaveLength(4);
  });
});

describe('only an answer about the person is an attempt', () => {
  test('a rate limit and a pause leave the only attempt of each row', async () => {
    const limited = { status: 429, headers: { 'retry-after': '1' }, body: '' };
    const stage = await openStage({
      plan: firstPost({ [email]: { before: limited } }),
      works: true,
    });
    const { createUser } = stage.queues;
    const submission = stage.submission(people(10));
    await createUser.pause();
    await submit(stage.producer({ attempts: 1 }), submission);
    await createUser.resume();
    const report = await stage.untilFinished(submission.id);
    expect(report).toMatchObject({ created: 10, failed: 0 });
    expect(new Set((await stage.rows(submission.id)).map((row) => row.attempts))).toEqual(
      new Set([1]),
    );
  });

  test('a hold keeps everything as it is, and the next worker continues', async () => {
    const denied = { before: shapeA(401, 'no such key') };
    const stage = await openStage();
    const locked = await faultyPortal(stage.sandbox, () => denied);
    const first = await stage.startWorkers({ portal: locked.portal });
    const submission = stage.submission(people(10));
    await submit(stage.producer({ attempts: 1 }), submission);
    await waitFor(async () => (await stage.report(submission.id)).hold === 'key-rejected');
    await first.close();
    expect(await stage.report(submission.id)).toMatchObject({ pending: 10, failed: 0 });
    await stage.startWorkers();
    const report = await stage.untilFinished(submission.id);
    expect(report).toMatchObject({ created: 10, failed: 0, hold: null });
    expect(new Set((await stage.rows(submission.id)).map((row) => row.attempts))).toEqual(
      new Set([1]),
    );
  });

  test('a portal that is down for a while costs no attempt', async () => {
    const stage = await openStage();
    const { sandbox } = stage;
    const port = Number(new URL(sandbox.url).port);
    await sandbox.close();
    await stage.startWorkers();
    const submission = stage.submission(people(5));
    await submit(stage.producer({ attempts: 1 }), submission);
    const job = () => stage.queues.createUser.getJob(`${submission.id}.1.0`);
    await waitFor(async () => ((await job())?.attemptsStarted ?? 0) > 2);
    const back = await startSandbox({ port, latencyMs: 1, keys: [sandbox.key] });
    const report = await stage.untilFinished(submission.id);
    await back.close();
    expect(report).toMatchObject({ created: 5, failed: 0 });
  });
});

describe('the API key and the people stay where they belong', () => {
  test('no key in Redis or a report, no person in the queue, neither in a log line', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const stage = await openStage();
    const { key } = stage.sandbox;
    const logger = createLogger({ level: 'trace', secrets: [key], destination });
    const echo = {
      before: shapeA(400, `Bearer ${key} of p1@example.com`, 'System.ArgumentException'),
    };
    const faulty = await faultyPortal(stage.sandbox, firstPost({ 'p1@example.com': echo }));
    await stage.startWorkers({ portal: faulty.portal, logger });
    const batch = await stage.submit(people(5));
    expect(await stage.untilFinished(batch)).toMatchObject({ created: 4, failed: 1 });
    const queued = await dump(stage, /:(create-user|invite|seal):/);
    expect(queued).toContain(batch);
    expect(queued).not.toMatch(/@|Lee/);
    const all = `${await dump(stage, /./)}${JSON.stringify(await stage.rows(batch))}${lines.join('')}`;
    expect(all).not.toContain(key);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => line.includes('@example.com'))).toEqual([]);
  });
});

describe('what does not parse fails with the reason, without a retry', () => {
  test('a damaged row fails, and the others continue', async () => {
    const stage = await openStage();
    const batch = await stage.submit(people(3));
    const { redis, keys } = stage.ledger;
    await redis.hset(`${keys.rows(batch)}0`, '1', '{"file":"people.csv","line":3,"person":{}}');
    await stage.startWorkers();
    expect(await stage.untilFinished(batch)).toMatchObject({ created: 2, failed: 1, invited: 2 });
    const [, row] = await stage.rows(batch);
    expect(row).toMatchObject({ state: 'failed', code: 'row-unreadable' });
    expect(row?.reason).toContain('person.email');
  });

  test('a damaged payload fails its job at once, and its row with it', async () => {
    const stage = await openStage();
    const batch = await stage.submit(people(2));
    const job = await stage.queues.createUser.getJob(`${batch}.1.0`);
    const key = `${stage.queues.prefix}:${CREATE_USER}:${job?.id}`;
    await stage.ledger.redis.hset(key, 'data', '{"batch":"","row":"x"}');
    await stage.startWorkers();
    expect(await stage.untilFinished(batch)).toMatchObject({ created: 1, failed: 1 });
    const [row] = await stage.rows(batch);
    expect(row).toMatchObject({ state: 'failed', code: 'job-failed', attempts: 1 });
    expect(row?.reason).toContain('E_PAYLOAD');
  });
});
