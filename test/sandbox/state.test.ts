import { describe, expect, it } from 'vitest';
import { stateOf } from '../../src/sandbox/sandbox-state.ts';
import { buildPortal } from '../../src/sandbox/stand-in-portal.ts';
import { call, invite, openSandbox, post } from './support.ts';

describe('the state of the sandbox', () => {
  it('is the same over HTTP, without a key', async () => {
    const sandbox = await openSandbox({ existing: ['old@example.com'] });
    await post(sandbox);
    await invite(sandbox, [{ email: 'new@example.com', type: 'User' }]);
    const answer = await call(sandbox, 'GET /__sandbox/state', { key: null });
    expect(answer.json).toEqual(JSON.parse(JSON.stringify(sandbox.state())));
  });

  it('tells where every account came from and keeps the owners of keys apart', async () => {
    const sandbox = await openSandbox({ existing: ['old@example.com'] });
    await post(sandbox);
    await invite(sandbox, [{ email: 'new@example.com', type: 'User' }]);
    const { accounts, staff } = sandbox.state();
    expect(accounts.map(({ origin }) => origin)).toEqual(['existing', 'post', 'invite']);
    expect(staff).toMatchObject([{ email: 'owner@sandbox.example', origin: 'staff' }]);
    expect(accounts[0]?.registeredAt).toBeLessThan(accounts[1]?.registeredAt ?? 0);
  });

  it('counts the POSTs of one person under any spelling, refused ones too', async () => {
    const sandbox = await openSandbox();
    for (const email of ['Ana@example.com', 'ana@EXAMPLE.com ']) await post(sandbox, { email });
    await post(sandbox, { email: 'ana@example.com', firstName: '1' });
    await post(sandbox, { email: 'no address' });
    await post(sandbox, {}, { key: 'sk-wrong' });
    expect(sandbox.state().postsByEmail).toEqual({ 'ana@example.com': 3, 'no address': 1 });
    expect(sandbox.state().postsOfExisting).toEqual({ 'ana@example.com': 2 });
  });

  it('counts answers by method, path and status', async () => {
    const sandbox = await openSandbox();
    await post(sandbox);
    await post(sandbox);
    await call(sandbox, 'GET /people/Email?email=nobody@example.com');
    for (const path of ['/api/2.0/a', '/api/2.0/b', '/c']) await call(sandbox, `GET ${path}`);
    expect(sandbox.state().requests).toEqual({
      'POST /api/2.0/people 200': 1,
      'POST /api/2.0/people 400': 1,
      'GET /api/2.0/people/email 404': 1,
      'GET /api/2.0/* 404': 2,
      'GET /* 200': 1,
    });
  });

  it('tells a judge whom mails went to and which limiter answered every 429', async () => {
    const limits = { requestsPerMinute: 9, concurrentReads: 1, writesPerDay: 4 };
    const more = { resendsPerQuarterHour: 1, invitationsPerDay: 1 };
    const sandbox = await openSandbox({ limits: { ...limits, ...more }, latencyMs: 50 });
    await post(sandbox);
    await invite(sandbox, [{ email: 'new@example.com', type: 'User' }]);
    await invite(sandbox, [{ email: 'more@example.com', type: 'User' }]);
    const resend = { body: { resendAll: true } };
    await call(sandbox, 'PUT /people/invite', resend);
    await post(sandbox, { email: 'fifth@example.com' });
    await Promise.all([1, 2].map(() => call(sandbox, 'GET /people/@self')));
    sandbox.setFaults({ limits: { writesPerDay: 0 } });
    await call(sandbox, 'PUT /people/invite', resend);
    await Promise.all([1, 2].map(() => call(sandbox, 'GET /people/@self')));
    const state = sandbox.state();
    const byLimiter = { sliding: 1, concurrency: 1, daily: 1, sensitive: 1, invitations: 1 };
    expect(state.rejectedByLimiter).toEqual(byLimiter);
    const refused = Object.entries(state.requests).filter(([request]) => request.endsWith(' 429'));
    expect(refused.reduce((sum, [, count]) => sum + count, 0)).toBe(5);
    expect(state.acceptedInvites).toEqual([
      { at: expect.any(Number), emails: ['new@example.com'] },
    ]);
    expect(state.mailsSent).toEqual({
      'ana.oneil@example.com': { activation: 1, invite: 1 },
      'new@example.com': { activation: 0, invite: 2 },
    });
    expect(state).toMatchObject({ mostInFlight: { read: 1, write: 1 }, mostPerMinute: 5 });
  });

  it('is a copy that later requests do not change', async () => {
    const sandbox = await openSandbox();
    const before = sandbox.state();
    await post(sandbox);
    await invite(sandbox, []);
    expect(before.accounts).toEqual([]);
    expect(before.acceptedInvites).toEqual([]);
    expect(before.mostInFlight).toEqual({ read: 0, write: 0 });
  });

  it('holds 100,000 people with the same local part and still serialises', () => {
    const existing = Array.from({ length: 100_000 }, (_, index) => `info@c${index}.example`);
    const portal = buildPortal({ existing });
    const text = JSON.stringify(stateOf(portal));
    expect(JSON.parse(text).accounts).toHaveLength(100_000);
    expect(portal.accounts.find('INFO@c99999.example')?.userName).toBe('info99999');
    expect(portal.accounts.freeUserName('info')).toBe('info100000');
  });
});
