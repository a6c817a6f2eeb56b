import { describe, expect, it } from 'vitest';
import type { FaultsPatch } from '../../src/sandbox/faults/faults.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Answer, call, invite, openSandbox, post, shapeA, types } from './support.ts';

const EMAIL = 'ana.oneil@example.com';
const ENTRIES = ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com'].map(
  (email) => ({ email, type: 'User' }),
);

/** A sandbox in which every request of a group suffers the fault. */
function suffering(faults: FaultsPatch) {
  return openSandbox({ faults: { stallMs: 50, ...faults } });
}

/** The status, or how the connection ended. */
async function endOf(answer: Promise<Answer>): Promise<number | string> {
  try {
    return (await answer).status;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error);
  }
}

describe('a fault of POST /people', () => {
  const table: [keyof NonNullable<FaultsPatch['create']>, number | string, object[]][] = [
    ['error500Before', 500, []],
    ['error500After', 500, [{ email: EMAIL, type: 'User' }]],
    ['error500Groupless', 500, [{ email: EMAIL, type: 'RoomAdmin' }]],
    ['halfMade', 'ECONNRESET', [{ email: EMAIL, type: 'RoomAdmin' }]],
    ['resetBefore', 'ECONNRESET', []],
    ['resetAfter', 'ECONNRESET', [{ email: EMAIL, type: 'User' }]],
    ['html502Before', 502, []],
    ['html502After', 502, [{ email: EMAIL }]],
    ['truncatedJson', 200, [{ email: EMAIL }]],
    ['cutShort', 'UND_ERR_SOCKET', [{ email: EMAIL }]],
    ['race403', 403, []],
    ['race400', 400, []],
  ];

  it.each(table)('%s ends with %s', async (kind, end, accounts) => {
    const sandbox = await suffering({ create: { [kind]: 1 } });
    expect(await endOf(post(sandbox))).toBe(end);
    const state = sandbox.state();
    expect(state.accounts).toMatchObject(accounts);
    expect(state.accounts).toHaveLength(accounts.length);
    expect(state.postsByEmail).toEqual({ [EMAIL]: 1 });
    expect(state.faultsByKind).toEqual({ [`create.${kind}`]: 1 });
    expect(state.faultsByEmail).toEqual({ [EMAIL]: { [`create.${kind}`]: 1 } });
  });

  it('looks the same before and after the account exists', async () => {
    const before = await post(await suffering({ create: { error500Before: 1 } }));
    const after = await post(await suffering({ create: { error500After: 1 } }));
    expect(before.json).toMatchObject(shapeA(500, types.database));
    expect(after.text).toBe(before.text);
  });

  it('without a group leaves no mail behind, otherwise one', async () => {
    const groupless = await suffering({ create: { error500Groupless: 1 } });
    const whole = await suffering({ create: { error500After: 1 } });
    for (const sandbox of [groupless, whole]) await post(sandbox);
    expect(groupless.state().mailsSent).toEqual({});
    expect(whole.state().mailsSent).toEqual({ [EMAIL]: { activation: 1, invite: 0 } });
  });

  it('speaks of a race as the portal does', async () => {
    const lost = await post(await suffering({ create: { race403: 1 } }));
    const duplicate = await post(await suffering({ create: { race400: 1 } }));
    expect(lost.json).toMatchObject(shapeA(403, types.operation, 'User already exist.'));
    expect(duplicate.json).toMatchObject(shapeA(400, types.argument, 'Duplicate UserName'));
  });

  it('sends half of the JSON in a whole answer', async () => {
    const answer = await post(await suffering({ create: { truncatedJson: 1 } }));
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.text)));
    expect(answer.text).toMatch(/^\{"response":\{"firstName":"Ana"/);
    expect(() => JSON.parse(answer.text)).toThrow();
  });

  it('shows the page of the proxy without the headers of the portal', async () => {
    const answer = await post(await suffering({ create: { html502Before: 1 } }));
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.headers.get('api-supported-versions')).toBeNull();
    expect(answer.text).toContain('<h1>');
  });

  it('does not spoil what the portal refuses by itself', async () => {
    const sandbox = await suffering({ create: { resetAfter: 1 } });
    expect((await post(sandbox, { firstName: '1' })).status).toBe(400);
    expect(sandbox.state().faultsByKind).toEqual({});
  });
});

describe('a stall', () => {
  /** Long enough to read the portal's state meanwhile, also on a busy machine. */
  const stallMs = 1000;

  it.each(['stallBefore', 'stallAfter'] as const)('%s answers late', async (kind) => {
    const sandbox = await suffering({ stallMs, create: { [kind]: 1 } });
    const startedAt = performance.now();
    const answer = post(sandbox);
    const isThere = kind === 'stallAfter';
    await waitFor(() => sandbox.state().faultsByKind[`create.${kind}`] === 1);
    expect(sandbox.state().accounts).toHaveLength(isThere ? 1 : 0);
    expect((await answer).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(stallMs - 10);
    expect(sandbox.state().accounts).toHaveLength(1);
  });

  it('before the account lets it appear after the client has given up', async () => {
    const sandbox = await suffering({ stallMs, create: { stallBefore: 1 } });
    const given = fetch(`${sandbox.url}/api/2.0/people`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${sandbox.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: EMAIL, firstName: 'Ana', lastName: '', type: 'User' }),
      signal: AbortSignal.timeout(50),
    });
    await expect(given).rejects.toThrow();
    expect((await call(sandbox, `GET /people/email?email=${EMAIL}`)).status).toBe(404);
    await waitFor(() => sandbox.state().accounts.length === 1);
  });
});

describe('a fault of POST /people/invite', () => {
  const table: [keyof NonNullable<FaultsPatch['invite']>, number | string, number][] = [
    ['error500Before', 500, 0],
    ['error500After', 500, 4],
    ['resetBefore', 'ECONNRESET', 0],
    ['resetAfter', 'ECONNRESET', 4],
    ['stallAfter', 200, 4],
    ['html502After', 502, 4],
    ['cutShort', 'UND_ERR_SOCKET', 4],
    ['refusedMidway', 400, 2],
  ];

  it.each(table)('%s ends with %s and %i invited', async (kind, end, invited) => {
    const sandbox = await suffering({ invite: { [kind]: 1 } });
    expect(await endOf(invite(sandbox, ENTRIES))).toBe(end);
    const state = sandbox.state();
    expect(Object.keys(state.mailsSent)).toHaveLength(invited);
    expect(state.acceptedInvites).toHaveLength(invited === 4 ? 1 : 0);
    expect(state.faultsByKind).toEqual({ [`invite.${kind}`]: 1 });
  });

  it('in the middle names the one who is refused', async () => {
    const sandbox = await suffering({ invite: { refusedMidway: 1 } });
    const answer = await invite(sandbox, ENTRIES);
    const text = 'User disabled: c@example.com';
    expect(answer.json).toMatchObject(shapeA(400, types.argument, text));
    expect(sandbox.state().refusedInvites).toMatchObject([{ status: 400 }]);
    expect(sandbox.state().faultsByEmail).toEqual({
      'c@example.com': { 'invite.refusedMidway': 1 },
    });
  });
});

describe('a fault of a GET', () => {
  const table: [keyof NonNullable<FaultsPatch['read']>, number | string][] = [
    ['error500Before', 500],
    ['resetBefore', 'ECONNRESET'],
    ['html502Before', 502],
    ['truncatedJson', 200],
    ['stallBefore', 200],
  ];

  it.each(table)('%s ends with %s, for lookups and preflight alike', async (kind, end) => {
    const sandbox = await suffering({ read: { [kind]: 1 } });
    await post(sandbox);
    expect(await endOf(call(sandbox, `GET /people/email?email=${EMAIL}`))).toBe(end);
    expect(await endOf(call(sandbox, 'GET /people/@self'))).toBe(end);
    expect(sandbox.state().faultsByKind).toEqual({ [`read.${kind}`]: 2 });
    expect(sandbox.state().faultsByEmail).toEqual({ [EMAIL]: { [`read.${kind}`]: 1 } });
  });
});

describe('a seed', () => {
  const rates = { error500Before: 0.2, resetAfter: 0.2, html502After: 0.2, race403: 0.2 };
  const emails = Array.from({ length: 60 }, (_, index) => `p${index}@example.com`);

  async function run(seed: number, order: readonly string[] = emails) {
    const sandbox = await openSandbox({ seed, faults: { create: rates } });
    const ends: Record<string, (number | string)[]> = {};
    for (const email of [...order, ...order]) {
      ends[email] = [...(ends[email] ?? []), await endOf(post(sandbox, { email }))];
    }
    return { ends, state: sandbox.state() };
  }

  it('gives the same requests the same faults twice', async () => {
    const [one, other] = [await run(7), await run(7)];
    expect(other.ends).toEqual(one.ends);
    expect(other.state.faultsByEmail).toEqual(one.state.faultsByEmail);
    expect(Object.keys(one.state.faultsByKind)).toHaveLength(4);
  });

  it('gives each person the same faults in any order', async () => {
    const [one, other] = [await run(7), await run(7, emails.toReversed())];
    expect(other.ends).toEqual(one.ends);
  });

  it('gives other faults for another one', async () => {
    const [one, other] = [await run(7), await run(8)];
    expect(other.ends).not.toEqual(one.ends);
  });

  it('keeps to the rates', async () => {
    const sandbox = await openSandbox({
      seed: 3,
      limits: { requestsPerMinute: 0 },
      faults: { create: { error500Before: 0.1, html502Before: 0.3 } },
    });
    const posts = Array.from({ length: 1000 }, (_, index) => `p${index}@example.com`);
    for (const email of posts) await post(sandbox, { email });
    const { faultsByKind } = sandbox.state();
    // Standard deviations of 9.5 and 14.5.
    expect(Math.abs((faultsByKind['create.error500Before'] ?? 0) - 100)).toBeLessThan(40);
    expect(Math.abs((faultsByKind['create.html502Before'] ?? 0) - 300)).toBeLessThan(60);
  });
});
