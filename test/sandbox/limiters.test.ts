import { describe, expect, it } from 'vitest';
import type { SandboxLimits } from '../../src/sandbox/limits/limit-figures.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Answer, call, clock, invite, openSandbox, person, post } from './support.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The rate limit headers of an answer, and Retry-After. */
function limitHeaders({ headers }: Answer): Record<string, string> {
  const names = [...headers.keys()].filter((name) => /^x-ratelimit|^retry-after/.test(name));
  return Object.fromEntries(names.map((name) => [name, headers.get(name) ?? '']));
}

function expectRefusal(answer: Answer, headers: Record<string, string>): void {
  expect(answer.status).toBe(429);
  expect(answer.text).toBe('');
  expect(limitHeaders(answer)).toEqual(headers);
}

async function limited(limits: Partial<SandboxLimits>, latencyMs = 0) {
  const time = clock();
  const keys = ['sk-one', 'sk-two', { key: 'sk-admin', role: 'DocSpaceAdmin' as const }];
  return { time, sandbox: await openSandbox({ limits, keys, now: time.now, latencyMs }) };
}

const SELF = 'GET /people/@self';

describe('the sliding window', () => {
  it('refuses without Retry-After or Reset and opens again after a minute', async () => {
    const { sandbox, time } = await limited({ requestsPerMinute: 2 });
    await call(sandbox, SELF);
    time.advance(1000);
    await call(sandbox, SELF);
    expectRefusal(await call(sandbox, SELF), {
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '0',
    });
    time.advance(MINUTE_MS - 1000);
    expect((await call(sandbox, SELF)).status).toBe(200);
    expect((await call(sandbox, SELF)).status).toBe(429);
    expect(sandbox.state().rejectedByLimiter).toMatchObject({ sliding: 2, concurrency: 0 });
  });

  it('is shared by the keys of one person and by nobody else', async () => {
    const { sandbox } = await limited({ requestsPerMinute: 1 });
    const statuses: number[] = [];
    for (const key of ['sk-one', 'sk-two', 'sk-admin', null]) {
      statuses.push((await call(sandbox, SELF, { key })).status);
    }
    expect(statuses).toEqual([200, 429, 200, 401]);
  });

  it('comes before 401, 403, 404 and the body', async () => {
    const { sandbox } = await limited({ requestsPerMinute: 1 });
    for (const key of [null, 'sk-one']) await call(sandbox, SELF, { key });
    for (const request of [SELF, 'POST /people', 'GET /api/2.0/nothing', 'GET /settings']) {
      expect((await call(sandbox, request, { key: null })).status).toBe(429);
      expect((await call(sandbox, request)).status).toBe(429);
    }
  });

  it('does not hold up the single-page app or the state', async () => {
    const { sandbox } = await limited({ requestsPerMinute: 1 });
    for (const path of ['/', '/', '/__sandbox/state', '/__sandbox/state']) {
      expect((await call(sandbox, `GET ${path}`)).status).toBe(200);
    }
  });
});

describe('the concurrency limiter', () => {
  const table = [
    ['reads', { concurrentReads: 2 }, SELF, undefined],
    ['writes', { concurrentWrites: 2 }, 'POST /people/invite', { invitations: [] }],
  ] as const;

  it.each(table)('refuses %s over its number at once', async (_, limits, request, body) => {
    const { sandbox } = await limited(limits, 300);
    const options = body === undefined ? {} : { body };
    const calls = [1, 2, 3].map(() => call(sandbox, request, options));
    const answers = await Promise.all(calls);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 429]);
    const refused = answers.find((answer) => answer.status === 429);
    if (refused === undefined) throw new Error('no refusal');
    expectRefusal(refused, { 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0' });
    expect((await call(sandbox, request, options)).status).toBe(200);
  });

  it('counts reads apart from writes', async () => {
    const { sandbox } = await limited({ concurrentReads: 1, concurrentWrites: 1 }, 200);
    const both = await Promise.all([call(sandbox, SELF), post(sandbox)]);
    expect(both.map((answer) => answer.status)).toEqual([200, 200]);
    expect(sandbox.state().mostInFlight).toEqual({ read: 1, write: 1 });
  });

  it('gives the slot back when the client has gone', async () => {
    const { sandbox } = await limited({ concurrentReads: 1 }, 100);
    const headers = { Authorization: `Bearer ${sandbox.key}` };
    const signal = AbortSignal.timeout(20);
    const url = `${sandbox.url}/api/2.0/people/@self`;
    await expect(fetch(url, { headers, signal })).rejects.toThrow();
    await waitFor(async () => (await call(sandbox, SELF)).status === 200);
  });

  it('spends a sliding permit on what it refuses', async () => {
    const { sandbox } = await limited({ concurrentReads: 1, requestsPerMinute: 3 }, 300);
    await Promise.all([1, 2, 3].map(() => call(sandbox, SELF)));
    expect((await call(sandbox, SELF)).status).toBe(429);
    expect(sandbox.state().rejectedByLimiter).toMatchObject({ sliding: 1, concurrency: 2 });
    expect(sandbox.state().mostPerMinute).toBe(1);
  });
});

describe('the daily window', () => {
  it('refuses POST and PUT with the seconds left and an absolute reset', async () => {
    const { sandbox, time } = await limited({ writesPerDay: 2 });
    const startedAt = time.now();
    await post(sandbox);
    time.advance(1500);
    await call(sandbox, 'PUT /people/invite', { body: { userIds: [] } });
    expectRefusal(await post(sandbox), {
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String((startedAt + DAY_MS) / 1000),
      'retry-after': '86399',
    });
    expect((await call(sandbox, SELF)).status).toBe(200);
    time.advance(DAY_MS - 1500);
    expect((await post(sandbox, { email: 'b@example.com' })).status).toBe(200);
    expect(sandbox.state().rejectedByLimiter.daily).toBe(1);
  });

  it('frees the slot of what it refuses but not the sliding permit', async () => {
    const limits = { writesPerDay: 1, concurrentWrites: 1, requestsPerMinute: 3 };
    const { sandbox } = await limited(limits);
    for (let sent = 0; sent < 4; sent += 1) await post(sandbox);
    expect(sandbox.state().rejectedByLimiter).toMatchObject({
      daily: 2,
      sliding: 1,
      concurrency: 0,
    });
  });
});

describe('the limiter of resending', () => {
  it('allows five in a quarter of an hour, for PUT /people/invite alone', async () => {
    const { sandbox, time } = await limited({});
    const resend = (): Promise<Answer> =>
      call(sandbox, 'PUT /people/invite', { body: { userIds: [] } });
    for (let sent = 0; sent < 5; sent += 1) expect((await resend()).status).toBe(200);
    expectRefusal(await resend(), { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0' });
    expect((await invite(sandbox, [])).status).toBe(200);
    time.advance(15 * MINUTE_MS);
    expect((await resend()).status).toBe(200);
    expect(sandbox.state().rejectedByLimiter.sensitive).toBe(1);
  });
});

describe('the limiter of e-mail invitations', () => {
  const entries = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com`, type: 'User' }));

  it('burns what was left on a batch that is too large, and creates nobody', async () => {
    const { sandbox, time } = await limited({ invitationsPerDay: 4 });
    expectRefusal(await invite(sandbox, entries(6)), {
      'x-ratelimit-limit': '4',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String((time.now() + DAY_MS) / 1000),
      'retry-after': '86400',
    });
    time.advance(11_000);
    expect((await invite(sandbox, entries(1))).status).toBe(429);
    expect(sandbox.state()).toMatchObject({ accounts: [], rejectedByLimiter: { invitations: 2 } });
    time.advance(DAY_MS);
    expect((await invite(sandbox, entries(4))).status).toBe(200);
  });

  it('charges a batch with the size of the one before it, within 10 s', async () => {
    const { sandbox, time } = await limited({ invitationsPerDay: 4 });
    expect((await invite(sandbox, entries(2))).status).toBe(200);
    time.advance(9000);
    expect((await invite(sandbox, entries(3))).status).toBe(200);
    time.advance(11_000);
    expect((await invite(sandbox, entries(1))).status).toBe(429);
    expect(Object.keys(sandbox.state().mailsSent)).toHaveLength(3);
  });

  it('is one for the whole portal and leaves entries without an address out', async () => {
    const { sandbox } = await limited({ invitationsPerDay: 1 });
    const first = await invite(sandbox, [{ email: null }, ...entries(1)]);
    expect(first.status).toBe(400);
    expect((await invite(sandbox, entries(1), { key: 'sk-admin' })).status).toBe(429);
  });

  it('leaves a body that it cannot read to the checks behind it', async () => {
    const { sandbox } = await limited({ invitationsPerDay: 1 });
    const headers = { 'Content-Type': 'application/json' };
    for (const raw of ['{', '[]', '{"invitations":5}']) {
      expect((await invite(sandbox, [], { raw, headers })).status).toBe(400);
    }
  });
});

describe('limits that are off', () => {
  it('let everything through', async () => {
    const off = { requestsPerMinute: 0, concurrentWrites: 0, writesPerDay: 0 };
    const { sandbox } = await limited(off, 20);
    const posts = Array.from({ length: 100 }, (_, index) =>
      call(sandbox, 'POST /people', { body: person({ email: `p${index}@example.com` }) }),
    );
    const statuses = new Set((await Promise.all(posts)).map((answer) => answer.status));
    expect([...statuses]).toEqual([200]);
    expect(sandbox.state().mostPerMinute).toBe(100);
    expect(sandbox.state().mostInFlight.write).toBeGreaterThan(15);
  });
});
