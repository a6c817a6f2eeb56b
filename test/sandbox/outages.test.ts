import { describe, expect, it } from 'vitest';
import type { Outage } from '../../src/sandbox/faults/faults.ts';
import { Outages } from '../../src/sandbox/faults/outages.ts';
import { CreationLock } from '../../src/sandbox/people/creation-lock.ts';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { call, openSandbox, post } from './support.ts';

const SELF = 'GET /people/@self';
/** Longer than any test: another cause ends these outages. */
const FOR_EVER_MS = 600_000;

function during(kind: Outage['kind'], lastsMs = FOR_EVER_MS): Promise<RunningSandbox> {
  return openSandbox({ faults: { outages: [{ kind, lastsMs }] } });
}

/** The status, or the code of the connection's failure. */
async function probe(sandbox: RunningSandbox): Promise<number | string> {
  try {
    return (await call(sandbox, SELF)).status;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  }
}

describe('an outage', () => {
  const table: [Outage['kind'], number | string][] = [
    ['refused', 'ECONNREFUSED'],
    ['reset', 'ECONNRESET'],
    ['502', 502],
    ['503', 503],
  ];

  it.each(table)('of kind %s is met as %s till it is taken back', async (kind, met) => {
    const sandbox = await during(kind);
    await waitFor(async () => (await probe(sandbox)) === met);
    sandbox.setFaults({ outages: [] });
    await waitFor(async () => (await probe(sandbox)) === 200);
  });

  it('of any kind is over when the sandbox closes', async () => {
    for (const [kind] of table) {
      const sandbox = await during(kind);
      await sandbox.close();
      expect(await probe(sandbox)).toBe('ECONNREFUSED');
    }
  });

  it('is counted, comes before the limiters and lets nothing through', async () => {
    const sandbox = await during('503');
    const answer = await post(sandbox);
    expect(answer.headers.get('content-type')).toBe('text/html');
    const state = sandbox.state();
    expect(state.faultsByKind).toEqual({ 'outage.503': 1 });
    expect(state.postsByEmail).toEqual({});
    expect(state.mostPerMinute).toBe(0);
    expect(state.requests).toEqual({ 'POST /api/2.0/people 503': 1 });
  });

  it('of refused connections ends by itself, for nobody could end it over HTTP', async () => {
    const sandbox = await during('refused', 1500);
    await waitFor(async () => (await probe(sandbox)) === 'ECONNREFUSED');
    await waitFor(async () => (await probe(sandbox)) === 200);
  });

  it('of refused connections cuts those that are open, once the asking one is answered', async () => {
    const sandbox = await openSandbox({ latencyMs: 30_000 });
    const hanging = call(sandbox, SELF);
    const cut = expect(hanging).rejects.toThrow();
    await waitFor(() => sandbox.state().mostInFlight.read === 1);
    const body = { outages: [{ kind: 'refused', lastsMs: FOR_EVER_MS }] };
    const answer = await call(sandbox, 'POST /__sandbox/faults', { body });
    expect(answer.json).toMatchObject({ outages: [{ kind: 'refused', startsInMs: 0 }] });
    await cut;
    await waitFor(async () => (await probe(sandbox)) === 'ECONNREFUSED');
  });
});

describe('a lock that somebody else holds', () => {
  it('makes creations of every class wait and then fail, and nothing else', async () => {
    const sandbox = await openSandbox({
      lockWaitMs: 60,
      faults: { outages: [{ kind: 'lock', lastsMs: FOR_EVER_MS }] },
    });
    const user = await post(sandbox);
    const admin = await post(sandbox, { email: 'b@example.com', type: 'RoomAdmin' });
    for (const answer of [user, admin]) {
      const type = expect.stringMatching(/\.DistributedLockException$/);
      expect(answer.json).toMatchObject({ error: { type }, statusCode: 500 });
    }
    expect(await probe(sandbox)).toBe(200);
    expect(sandbox.state().accounts).toEqual([]);
    expect(sandbox.state().faultsByKind).toEqual({ 'lock.timeout': 2 });
    expect(sandbox.state().faultsByEmail).toHaveProperty(['b@example.com'], { 'lock.timeout': 1 });
  });

  it('lets those who wait through when it is given back', async () => {
    const outages: Outage[] = [{ kind: 'lock', startsInMs: 0, lastsMs: FOR_EVER_MS }];
    const sandbox = await openSandbox({ lockServiceMs: 1, faults: { outages } });
    const posts = ['a', 'b', 'c'].map((name) => post(sandbox, { email: `${name}@example.com` }));
    await waitFor(() => sandbox.state().mostInFlight.write === 3);
    expect(sandbox.state().accounts).toEqual([]);
    sandbox.setFaults({ outages: [] });
    const statuses = (await Promise.all(posts)).map((answer) => answer.status);
    expect(statuses).toEqual([200, 200, 200]);
    expect((await post(sandbox, { email: 'd@example.com' })).status).toBe(200);
  });

  it('waits for the creation that is under way, and goes before the next', async () => {
    const lock = new CreationLock(() => ({ serviceMs: 5, waitMs: 10_000 }));
    const served: string[] = [];
    const running = lock.run(() => served.push('running'));
    const waiting = lock.run(() => served.push('waiting'));
    lock.seize();
    await running;
    const late = lock.run(() => served.push('late'));
    expect(served).toEqual(['running']);
    lock.yield();
    await Promise.all([waiting, late]);
    expect(served).toEqual(['running', 'waiting', 'late']);
  });
});

describe('Outages', () => {
  function watched() {
    const outages = new Outages();
    onRelease(() => outages.stop());
    const heard: string[] = [];
    for (const kind of ['502', '503'] as const) {
      const tell = (what: string) => () => void heard.push(`${what} ${kind}`);
      outages.follow(kind, { begin: tell('begin'), end: tell('end') });
    }
    return { outages, heard };
  }

  it('begin and end in their time', async () => {
    const { outages, heard } = watched();
    outages.plan([
      { kind: '503', startsInMs: 60, lastsMs: 20 },
      { kind: '502', startsInMs: 20, lastsMs: 20 },
    ]);
    expect(heard).toEqual([]);
    await waitFor(() => heard.length === 4);
    expect(heard).toEqual(['begin 502', 'end 502', 'begin 503', 'end 503']);
  });

  it('of one kind that overlap are one trouble', async () => {
    const { outages, heard } = watched();
    outages.plan([
      { kind: '502', startsInMs: 0, lastsMs: 20 },
      { kind: '502', startsInMs: 10, lastsMs: 60 },
      { kind: '503', startsInMs: 40, lastsMs: FOR_EVER_MS },
    ]);
    await waitFor(() => heard.length === 3);
    expect(heard).toEqual(['begin 502', 'begin 503', 'end 502']);
  });

  it('that were planned are replaced by the next plan', async () => {
    const { outages, heard } = watched();
    outages.plan([
      { kind: '502', startsInMs: 0, lastsMs: FOR_EVER_MS },
      { kind: '503', startsInMs: 10, lastsMs: 10 },
    ]);
    outages.plan([{ kind: '502', startsInMs: 30, lastsMs: 10 }]);
    expect(heard).toEqual(['begin 502', 'end 502']);
    await waitFor(() => heard.length === 4);
    expect(heard.slice(2)).toEqual(['begin 502', 'end 502']);
    expect(outages.isActive('502')).toBe(false);
  });

  it('tell a late follower the state of the portal', () => {
    const { outages } = watched();
    outages.plan([{ kind: 'lock', startsInMs: 0, lastsMs: FOR_EVER_MS }]);
    const heard: string[] = [];
    outages.follow('lock', { begin: () => heard.push('begin'), end: () => heard.push('end') });
    expect(heard).toEqual(['begin']);
  });
});
