import { describe, expect, it } from 'vitest';
import type { FaultsPatch } from '../../src/sandbox/faults/faults.ts';
import { type Answer, call, clock, invite, openSandbox, post, shapeA, types } from './support.ts';

const SELF = 'GET /people/@self';
const EXISTS = 'GET /people/exists?email=a@example.com';
const QUOTA = 'GET /portal/payment/quota';
const INVITATIONS = 'GET /settings/invitationsettings';
const LOOKUP = 'GET /people/email?email=ana.oneil@example.com';

async function statuses(faults: FaultsPatch): Promise<Record<string, number>> {
  const sandbox = await openSandbox({ faults });
  const requests = [SELF, LOOKUP, EXISTS, 'GET /keys/@self', QUOTA, INVITATIONS];
  const found: Record<string, number> = {};
  for (const request of requests) found[request] = (await call(sandbox, request)).status;
  found.settings = (await call(sandbox, 'GET /settings', { key: null })).status;
  found.post = (await post(sandbox)).status;
  found.invite = (await invite(sandbox, [])).status;
  expect(sandbox.state().postsByEmail).toEqual(found.post === 200 ? expect.anything() : {});
  return found;
}

describe('a key', () => {
  it('expires after a number of requests; one that was not used by then is good', async () => {
    const keys = ['sk-one', 'sk-two', 'sk-three'];
    const sandbox = await openSandbox({ keys, faults: { keyExpiresAfter: 3 } });
    const found: number[] = [];
    for (const key of ['sk-one', 'sk-two', 'sk-one', 'sk-one', 'sk-two', 'sk-three', 'sk-three']) {
      found.push((await call(sandbox, SELF, { key })).status);
    }
    expect(found).toEqual([200, 200, 200, 401, 401, 200, 200]);
    expect(sandbox.state().faultsByKind).toEqual({ 'key.expired': 2 });
  });

  it('ends in the empty 401 of a wrong one, and is good again when that is taken back', async () => {
    const sandbox = await openSandbox({ faults: { keyExpiresAfter: 1 } });
    await call(sandbox, SELF);
    const refused = await post(sandbox);
    expect([refused.status, refused.text]).toEqual([401, '']);
    sandbox.setFaults({ stallMs: 1 });
    expect((await call(sandbox, SELF)).status).toBe(401);
    sandbox.setFaults({ keyExpiresAfter: null });
    expect((await call(sandbox, SELF)).status).toBe(200);
  });
});

describe('the state of the portal', () => {
  const none = { [LOOKUP]: 404, [SELF]: 404, post: 404, invite: 404, settings: 404 };
  const moving = {
    ...{ [QUOTA]: 403, [INVITATIONS]: 200, [EXISTS]: 403, 'GET /keys/@self': 200 },
    [LOOKUP]: 403,
    post: 403,
    invite: 403,
    [SELF]: 200,
    settings: 200,
  };
  const table: [FaultsPatch['tenantStatus'], Record<string, number>][] = [
    ['Active', { post: 200, invite: 200, settings: 200 }],
    ['Suspended', { ...none, 'GET /keys/@self': 404, settings: 200 }],
    ['RemovePending', none],
    ['Transfering', moving],
    ['Restoring', { ...moving, 'GET /keys/@self': 200 }],
    ['Migrating', { post: 200, invite: 200 }],
    ['Encryption', moving],
  ];

  it.each(table)('%s decides what is served', async (tenantStatus, expected) => {
    expect(await statuses({ ...(tenantStatus && { tenantStatus }) })).toMatchObject(expected);
  });

  it('is answered without a wrapper, before the body is read, after the key', async () => {
    const sandbox = await openSandbox({ faults: { tenantStatus: 'Suspended' } });
    const headers = { 'Content-Type': 'text/plain' };
    const answer = await post(sandbox, {}, { raw: '{', headers });
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ title: 'Not Found', status: 404 });
    expect(answer.json).not.toHaveProperty('error');
    expect((await post(sandbox, {}, { key: 'sk-wrong' })).status).toBe(401);
    expect(sandbox.state().faultsByKind).toEqual({ 'tenant.Suspended': 1 });
  });

  it('is shown by the settings', async () => {
    const sandbox = await openSandbox({ faults: { tenantStatus: 'Restoring' } });
    const settings = await call(sandbox, 'GET /settings', { key: null });
    expect(settings.json.response).toMatchObject({ tenantStatus: 4 });
  });
});

describe('a tariff', () => {
  it('that is unpaid answers 402 without title and type, except for what is exempt', async () => {
    expect(await statuses({ tariff: 'unpaid' })).toEqual({
      [SELF]: 200,
      [LOOKUP]: 402,
      [EXISTS]: 200,
      [QUOTA]: 200,
      [INVITATIONS]: 402,
      'GET /keys/@self': 402,
      settings: 200,
      post: 402,
      invite: 402,
    });
    const answer = await post(await openSandbox({ faults: { tariff: 'unpaid' } }));
    expect(answer.json).toEqual({ status: 402, traceId: expect.any(String) });
  });

  it.each(['User', 'RoomAdmin'])('in its days of grace refuses a %s permanently', async (type) => {
    const sandbox = await openSandbox({ faults: { tariff: 'grace' } });
    const answer = await post(sandbox, { type });
    const exception = 'ASC.Core.Billing.BillingNotFoundException';
    expect(answer.json).toMatchObject(shapeA(402, exception));
    expect(sandbox.state().faultsByKind).toEqual({ 'tariff.grace': 1 });
    expect((await call(sandbox, SELF)).status).toBe(200);
  });
});

describe('an invite in the days of grace', () => {
  it('of a new address is refused, of people who are there it is not', async () => {
    const sandbox = await openSandbox({
      existing: ['old@example.com'],
      faults: { tariff: 'grace' },
    });
    const old = { email: 'old@example.com', type: 'User' };
    expect((await invite(sandbox, [old])).status).toBe(200);
    const answer = await invite(sandbox, [old, { email: 'new@example.com', type: 'User' }]);
    const exception = 'ASC.Core.Billing.BillingNotFoundException';
    expect(answer.json).toMatchObject(shapeA(402, exception));
    expect(sandbox.state().accounts).toHaveLength(1);
  });
});

describe('a moving portal', () => {
  it('refuses the quota without a wrapper', async () => {
    const sandbox = await openSandbox({ faults: { tenantStatus: 'Transfering' } });
    const { status, json } = await call(sandbox, QUOTA);
    expect([status, json]).toMatchObject([403, { title: 'Forbidden', status: 403 }]);
    expect(json).not.toHaveProperty('error');
  });
});

describe('a quota', () => {
  it('turns a RoomAdmin into a User in silence, and counts it', async () => {
    const sandbox = await openSandbox({ faults: { limits: { adminSeats: 1 } } });
    const answer = await post(sandbox, { type: 'RoomAdmin' });
    expect(answer.status).toBe(200);
    expect(answer.json.response).toMatchObject({ isCollaborator: true, isRoomAdmin: false });
    expect(sandbox.state().faultsByEmail).toEqual({
      'ana.oneil@example.com': { 'quota.downgrade': 1 },
    });
  });

  it('of users refuses them and those who would fall back', async () => {
    const limits = { adminSeats: 1, userSeats: 1 };
    const sandbox = await openSandbox({ faults: { limits } });
    // Users do not count, Guests do.
    for (const email of ['one@example.com', 'two@example.com']) {
      expect((await post(sandbox, { email })).status).toBe(200);
    }
    sandbox.setFaults({ guests: 1 });
    for (const type of ['User', 'RoomAdmin']) {
      const answer = await post(sandbox, { email: `${type}@example.com`, type });
      const text = 'The number of users should not exceed 1';
      expect(answer.json).toMatchObject(shapeA(402, types.quota, text));
    }
    expect(sandbox.state().accounts).toHaveLength(2);
  });
});

describe('a limiter', () => {
  const resetOf = (answer: Answer) => Number(answer.headers.get('x-ratelimit-reset'));

  it('takes a new figure while the portal runs', async () => {
    const time = clock();
    const sandbox = await openSandbox({ now: time.now });
    for (let sent = 0; sent < 3; sent += 1) await call(sandbox, SELF);
    sandbox.setFaults({ limits: { requestsPerMinute: 3, minuteMs: 5000 } });
    expect((await call(sandbox, SELF)).status).toBe(429);
    time.advance(5000);
    for (let sent = 0; sent < 3; sent += 1) await call(sandbox, SELF);
    expect((await call(sandbox, SELF)).status).toBe(429);
    sandbox.setFaults({ limits: { requestsPerMinute: 0 } });
    expect((await call(sandbox, SELF)).status).toBe(200);
  });

  it('of a day may have a shorter day', async () => {
    const time = clock();
    const sandbox = await openSandbox({ now: time.now, limits: { writesPerDay: 1 } });
    sandbox.setFaults({ limits: { dayMs: 5000 } });
    await post(sandbox);
    time.advance(1000);
    const refused = await post(sandbox);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '4']);
    time.advance(4000);
    expect((await post(sandbox, { email: 'b@example.com' })).status).toBe(200);
  });

  it('tells its reset in seconds or in milliseconds', async () => {
    const time = clock();
    const sandbox = await openSandbox({ now: time.now, limits: { writesPerDay: 1 } });
    await post(sandbox);
    const seconds = (time.now() + 86_400_000) / 1000;
    expect(resetOf(await post(sandbox))).toBe(seconds);
    sandbox.setFaults({ limiterResetUnit: 'milliseconds' });
    expect(resetOf(await post(sandbox))).toBe(seconds * 1000);
  });
});

describe('a clock that is wrong', () => {
  const OFFSET_MS = -600_000;

  it('shows in dates, accounts and resets, and leaves the windows alone', async () => {
    const time = clock();
    const limits = { writesPerDay: 1 };
    const sandbox = await openSandbox({ now: time.now, limits });
    sandbox.setFaults({ clockOffsetMs: OFFSET_MS });
    const answer = await post(sandbox);
    const portalTime = time.now() + OFFSET_MS;
    expect(answer.headers.get('date')).toBe(new Date(portalTime).toUTCString());
    expect(answer.json.response).toMatchObject({
      registrationDate: expect.stringContaining(new Date(portalTime).toISOString().slice(0, 19)),
    });
    expect(sandbox.state().accounts[0]?.registeredAt).toBe(portalTime);
    const refused = await post(sandbox);
    expect(refused.headers.get('retry-after')).toBe('86400');
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(portalTime / 1000 + 86_400));
    sandbox.setFaults({ clockOffsetMs: 90_000_000 });
    expect((await post(sandbox)).status).toBe(429);
  });
});

describe('latency and lock times', () => {
  it('can be changed while the portal runs', async () => {
    const sandbox = await openSandbox({ latencyMs: 60_000 });
    sandbox.setFaults({ latencyMs: 0, lock: { serviceMs: 200, waitMs: 20 } });
    const posts = ['a', 'b'].map((name) => post(sandbox, { email: `${name}@example.com` }));
    const found = (await Promise.all(posts)).map((answer) => answer.status).sort();
    expect(found).toEqual([200, 500]);
  });
});
