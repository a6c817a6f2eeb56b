import { describe, expect, it } from 'vitest';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { type Answer, call, openSandbox, post } from './support.ts';

const PATH = '/__sandbox/faults';

function change(sandbox: RunningSandbox, body: unknown): Promise<Answer> {
  return call(sandbox, `POST ${PATH}`, { body, key: null });
}

describe('GET /__sandbox/faults', () => {
  it('shows a healthy portal with the figures that it was started with', async () => {
    const sandbox = await openSandbox({ seed: 5, lockWaitMs: 10, limits: { adminSeats: 3 } });
    const { json } = await call(sandbox, `GET ${PATH}`, { key: null });
    expect(json).toEqual(JSON.parse(JSON.stringify(sandbox.faults())));
    expect(json).toMatchObject({
      seed: 5,
      create: { error500Before: 0, race403: 0 },
      invite: { refusedMidway: 0 },
      read: { resetAfter: 0 },
      outages: [],
      keyExpiresAfter: null,
      tenantStatus: 'Active',
      tariff: 'paid',
      latencyMs: 0,
      lock: { serviceMs: 0, waitMs: 10 },
      limits: { requestsPerMinute: 1500, adminSeats: 3, invitationLimit: 0 },
      version: '3.7.2',
    });
  });

  it('gives what POST takes', async () => {
    const sandbox = await openSandbox({ faults: { create: { resetAfter: 0.5 } } });
    const { json } = await call(sandbox, `GET ${PATH}`);
    const answer = await change(sandbox, json);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(json);
  });
});

describe('POST /__sandbox/faults', () => {
  it('changes what it names alone, groups in part too', async () => {
    const sandbox = await openSandbox({ faults: { create: { resetAfter: 0.5 } } });
    const before = sandbox.faults();
    const answer = await change(sandbox, { create: { race400: 0.25 }, stallMs: 5 });
    expect(answer.json).toEqual(JSON.parse(JSON.stringify(sandbox.faults())));
    expect(sandbox.faults()).toEqual({
      ...before,
      create: { ...before.create, race400: 0.25 },
      stallMs: 5,
    });
  });

  it('acts on the next request', async () => {
    const sandbox = await openSandbox();
    await change(sandbox, { create: { error500Before: 1 } });
    expect((await post(sandbox)).status).toBe(500);
    await change(sandbox, { create: { error500Before: 0 } });
    expect((await post(sandbox)).status).toBe(200);
  });

  it('goes back to a healthy portal, and changes that one, at a reset', async () => {
    const options = { limits: { adminSeats: 3 }, faults: { tariff: 'unpaid' as const } };
    const sandbox = await openSandbox(options);
    await change(sandbox, { limits: { adminSeats: 9 }, version: '3.6.1' });
    await change(sandbox, { reset: true, stallMs: 7 });
    const healthy = (await openSandbox({ limits: { adminSeats: 3 } })).faults();
    expect(sandbox.faults()).toEqual({ ...healthy, stallMs: 7 });
    expect((await post(sandbox)).status).toBe(200);
  });

  it('begins the draws again with a seed or a reset', async () => {
    const faults = { create: { error500Before: 0.5 } };
    const sandbox = await openSandbox({ seed: 9, faults });
    const statuses = async (): Promise<number[]> => {
      const found: number[] = [];
      for (let sent = 0; sent < 20; sent += 1) {
        found.push((await post(sandbox, { email: 'a@example.com', firstName: '1' })).status);
      }
      return found;
    };
    const first = await statuses();
    const second = await statuses();
    await change(sandbox, { seed: 9 });
    const third = await statuses();
    await change(sandbox, { reset: true, ...faults });
    const fourth = await statuses();
    expect(second).not.toEqual(first);
    expect(third).toEqual(first);
    expect(fourth).toEqual(first);
  });

  it('keeps the counts', async () => {
    const sandbox = await openSandbox({ faults: { create: { error500Before: 1 } } });
    await post(sandbox);
    await change(sandbox, { reset: true });
    expect(sandbox.state().faultsByKind).toEqual({ 'create.error500Before': 1 });
  });

  const wrong: [string, unknown, RegExp][] = [
    ['a rate over 1', { create: { resetAfter: 1.5 } }, /create\.resetAfter: .*<=1/],
    ['a rate below 0', { invite: { resetAfter: -1 } }, /invite\.resetAfter: .*>=0/],
    ['a name that it does not know', { creat: {} }, /Unrecognized key: "creat"/],
    ['a kind of another group', { read: { race403: 1 } }, /read: Unrecognized key: "race403"/],
    ['an outage without an end', { outages: [{ kind: 'reset' }] }, /outages\.0\.lastsMs/],
    ['a status of no portal', { tenantStatus: 'Closed' }, /tenantStatus/],
    ['a version of no portal', { version: '2.6' }, /version: give a version like 3\.7\.2/],
    ['a list', [], /expected object/],
    [
      'two things at once',
      { tariff: 'free', stallMs: -1 },
      /tariff: .*; stallMs|stallMs.*; tariff/,
    ],
  ];

  it.each(wrong)('refuses %s and changes nothing', async (_, body, text) => {
    const sandbox = await openSandbox();
    const before = sandbox.faults();
    const answer = await change(sandbox, body);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ error: { message: expect.stringMatching(text) } });
    expect(sandbox.faults()).toEqual(before);
  });

  it('refuses rates that exceed 1 with those already in force', async () => {
    const sandbox = await openSandbox({ faults: { create: { resetAfter: 0.6 } } });
    const answer = await change(sandbox, { create: { resetBefore: 0.5 } });
    expect(answer.json).toEqual({
      error: { message: expect.stringMatching(/create: the rates add up to 1\.1/) },
    });
    expect(sandbox.faults().create.resetBefore).toBe(0);
  });

  it('takes rates of exactly 1 together, whatever binary fractions make of them', async () => {
    const names = ['error500Before', 'error500After', 'resetBefore', 'resetAfter', 'race403'];
    const tenths = Object.fromEntries(names.map((name) => [name, 0.2]));
    const answer = await change(await openSandbox(), { create: { ...tenths, race403: 0.2 } });
    expect(answer.status).toBe(200);
  });

  it('refuses what is not JSON', async () => {
    const sandbox = await openSandbox();
    const answer = await call(sandbox, `POST ${PATH}`, { raw: '{"create"' });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: { message: expect.stringMatching(/not JSON/) } });
  });

  it('knows no other method', async () => {
    expect((await call(await openSandbox(), `PUT ${PATH}`, { body: {} })).status).toBe(405);
  });
});

describe('startSandbox', () => {
  it('refuses faults that cannot be used', async () => {
    const failing = openSandbox({ faults: { create: { resetAfter: 2 } } });
    await expect(failing).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringMatching(/create\.resetAfter/),
    });
  });

  it('hands back a way to change them without HTTP', async () => {
    const sandbox = await openSandbox();
    sandbox.setFaults({ create: { error500Before: 1 } });
    expect((await post(sandbox)).status).toBe(500);
    expect(() => sandbox.setFaults({ stallMs: -1 })).toThrow(/stallMs/);
  });
});
