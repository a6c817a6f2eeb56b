import { expect, test } from 'vitest';
import type { Portal } from '../../src/portal/client.ts';
import type { Verdict } from '../../src/portal/verdict.ts';
import type { Account } from '../../src/portal/wire.ts';
import { makePlan } from '../../src/preflight/make-plan.ts';
import { Lookup } from '../../src/preflight/probe-accounts.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { self, stopped } from './facts.ts';

const signal = new AbortController().signal;
const some = people(30).flatMap((row) => (row.kind === 'person' ? [row.person] : []));

type Answer = (email: string) => Verdict<Account>;

/**
 * A portal with these answers to lookups, and the number and the peak of its requests. It answers
 * once `together` requests have come.
 */
function portalWith(answer: Answer, together = 1) {
  const seen = { asked: 0, at: 0, most: 0 };
  let open: () => void = () => undefined;
  const complete = new Promise<void>((resolve) => {
    open = resolve;
  });
  const findByEmail: Portal['findByEmail'] = async (email) => {
    seen.asked += 1;
    seen.at += 1;
    seen.most = Math.max(seen.most, seen.at);
    if (seen.asked === together) open();
    await complete;
    seen.at -= 1;
    return answer(email);
  };
  return { findByEmail, seen };
}

async function lookedUp(answer: Answer, { concurrency = 100, together = 1 } = {}) {
  const stage = await openStage();
  const { portal } = stage;
  const { findByEmail, seen } = portalWith(answer, together);
  const asking = { portal: { ...portal, findByEmail }, concurrency, requestsPerMinute: 0, signal };
  const lookup = new Lookup(asking);
  await lookup.ask(some);
  return { seen, result: lookup.result() };
}

const account = { ...self('User'), kind: 'ok' as const };
const absent = { kind: 'absent' } as const;

test('people are looked up together, and those who are there are counted and named', async () => {
  const is = (email: string) => /^p1\d@/.test(email);
  const { seen, result } = await lookedUp((email) => (is(email) ? account : absent), {
    together: 30,
  });
  expect(seen).toMatchObject({ asked: 30, most: 30 });
  expect(result).toMatchObject({ count: 10, unknown: 0 });
  expect(result.first).toHaveLength(5);
  expect(result.first.every(is)).toBe(true);
});

test('never more at a time than is configured, and 50', async () => {
  expect((await lookedUp(() => absent, { concurrency: 3, together: 3 })).seen.most).toBe(3);
});

test('the digest is that of the people, in whatever order the answers come', async () => {
  const of = (pattern: RegExp) => lookedUp((email) => (pattern.test(email) ? account : absent));
  const [one, same, other] = [await of(/^p[12]@/), await of(/^p[12]@/), await of(/^p[13]@/)];
  expect(one.result.digest).toBe(same.result.digest);
  expect(one.result.digest).not.toBe(other.result.digest);
});

test('a person whose account is broken on the portal is there, and is asked about once', async () => {
  const broken = { kind: 'refused', code: 'account-broken', reason: 'Broken.' } as const;
  const { seen, result } = await lookedUp(() => broken);
  expect([seen.asked, result.count, result.unknown]).toEqual([30, 30, 0]);
});

test('a 429 is waited for and asked again; three failures leave somebody unknown', async () => {
  const limited: Verdict<Account> = { kind: 'rate-limited', limiter: 'requests', waitMs: 20 };
  let left = 5;
  const { result, seen } = await lookedUp(() => (left-- > 0 ? limited : absent));
  expect([result.unknown, seen.asked]).toEqual([0, 35]);
  const failed: Verdict<Account> = { kind: 'unknown', code: 'server-error', reason: 'HTTP 500.' };
  const lost = await lookedUp((email) => (email.startsWith('p7@') ? failed : absent));
  expect([lost.result.unknown, lost.seen.asked]).toEqual([1, 32]);
});

test('a key that the portal refuses ends it with the reason and the remedy', async () => {
  await expect(lookedUp(() => stopped('key-rejected'))).rejects.toThrow(
    '--lookup: The reason. The remedy.',
  );
});

test('starts keep to the requests a minute that are set', async () => {
  const stage = await openStage();
  const { portal } = stage;
  const { findByEmail } = portalWith(() => absent);
  const asking = { portal: { ...portal, findByEmail }, concurrency: 10, signal };
  const lookup = new Lookup({ ...asking, requestsPerMinute: 6000 });
  const startedAt = performance.now();
  await lookup.ask(some);
  // 29 gaps of 10 ms, and the margin of 1 %.
  expect(performance.now() - startedAt).toBeGreaterThan(285);
});

test('a plan tells who is there of a real portal, and is another one when somebody has come', async () => {
  const stage = await openStage({ sandbox: { existing: ['p3@example.com'] } });
  const { portal } = stage;
  const submission = stage.submission(people(40));
  const plan = () =>
    makePlan({
      submission,
      defaultType: 'User',
      content: 'digest',
      ledger: stage.ledger,
      lookup: new Lookup({ portal, concurrency: 10, requestsPerMinute: 0, signal }),
      requestsPerMinute: 1500,
      onRejected: () => Promise.resolve(),
      progress: () => undefined,
    });
  const first = await plan();
  expect(first).toMatchObject({ accepted: 40, present: { count: 1, first: ['p3@example.com'] } });
  expect(first.estimate).toMatchObject({ creations: 40, lookups: 1, invites: 1 });
  await portal.createPerson({
    email: 'p9@example.com',
    firstName: 'A',
    lastName: 'B',
    type: 'User',
  });
  const second = await plan();
  expect(second.present?.count).toBe(2);
  expect(second.id.split('-').slice(2, 5)).toEqual(first.id.split('-').slice(2, 5));
  expect(second.id).not.toBe(first.id);
});
