import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { type Act, logDone, logged, trimLog } from '../../src/ledger/notes/action-log.ts';
import { readLog } from '../../src/ledger/notes/read-log.ts';
import { scrubLog } from '../../src/ledger/notes/scrub-log.ts';
import type { Actor } from '../../src/process/actor.ts';
import { openSpace } from './fill.ts';

const by: Actor = { user: 'ana', host: 'admin1', pid: 7 };
const act = (change: Partial<Act<number>> = {}): Act<number> => ({
  action: 'cancel',
  batch: 'b1',
  by,
  ...change,
});

test('an action is written down as begun before its work, and as done after it', async () => {
  const ledger = openSpace();
  const result = (cancelled: number) => ({ cancelled });
  const seen = await logged(ledger, act({ details: { invite: true }, result }), async () => {
    const during = await readLog(ledger, { limit: 10 });
    expect(during).toMatchObject([{ action: 'cancel', batch: 'b1', outcome: 'begun', by }]);
    return 5;
  });
  expect(seen).toBe(5);
  const entries = await readLog(ledger, { limit: 10 });
  expect(entries).toEqual([
    {
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      action: 'cancel',
      batch: 'b1',
      outcome: 'done',
      code: null,
      by,
      details: { invite: true, cancelled: 5 },
    },
  ]);
});

test('an action that fails is logged with its code, and the error is thrown', async () => {
  const ledger = openSpace();
  const errors = [
    [new OnboardError('E_BATCH_STATE', 'no'), 'E_BATCH_STATE'],
    [new DOMException('stop', 'AbortError'), 'interrupted'],
    [new Error('boom'), 'E_INTERNAL'],
  ] as const;
  for (const [error] of errors) {
    await expect(logged(ledger, act(), () => Promise.reject(error))).rejects.toBe(error);
  }
  const entries = await readLog(ledger, { limit: 10 });
  expect(entries.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
  expect(entries.map(({ code }) => code)).toEqual(errors.map(([, code]) => code).reverse());
});

test('what somebody does in a browser is logged with the name, the way and the role', async () => {
  const ledger = openSpace();
  const ana: Actor = { ...by, name: 'ana', via: 'console', role: 'operator' };
  const signing = { action: 'sign-in-failed', by: ana, details: { reason: 'password' } } as const;
  await logDone(ledger, signing);
  await logDone(ledger, { action: 'download', batch: 'b1', by: ana, details: { what: 'failed' } });
  await logDone(ledger, act({ by: { ...ana, role: 'of no form!', via: '<b>' } }));
  const entries = await readLog(ledger, { limit: 10 });
  expect(entries).toMatchObject([
    { by: { name: 'ana', user: 'ana' } },
    { action: 'download', by: ana, details: { what: 'failed' } },
    { action: 'sign-in-failed', batch: null, by: ana, details: { reason: 'password' } },
  ]);
  expect([entries[0]?.by.role, entries[0]?.by.via]).toEqual([undefined, undefined]);
});

test('the newest come first, of all batches or of one, as many as are asked for', async () => {
  const ledger = openSpace();
  const done = Array.from({ length: 1300 }, (_, index) =>
    logDone(ledger, { action: 'retry', batch: `b${index % 2}`, by, details: { opened: index } }),
  );
  await Promise.all(done);
  const all = await readLog(ledger, { limit: 5000 });
  expect(all.map(({ details }) => details.opened)).toEqual(
    Array.from({ length: 1300 }, (_, index) => 1299 - index),
  );
  const odd = await readLog(ledger, { batch: 'b1', limit: 3 });
  expect(odd.map(({ details }) => details.opened)).toEqual([1299, 1297, 1295]);
  expect(await readLog(ledger, { batch: 'other', limit: 3 })).toEqual([]);
});

test('the log is capped, and what is older than a time is dropped', async () => {
  const ledger = openSpace();
  const { redis, keys } = ledger;
  const old = redis.pipeline();
  for (let index = 0; index < 10_200; index += 1) old.xadd(keys.log, `1-${index + 1}`, 'a', 'b');
  await old.exec();
  await logged(ledger, act(), async () => 1);
  const kept = await redis.xlen(keys.log);
  expect(kept).toBeGreaterThanOrEqual(10_000);
  expect(kept).toBeLessThan(10_200);
  await trimLog(ledger, Date.now() - 60_000);
  expect(await redis.xlen(keys.log)).toBe(1);
  expect(await readLog(ledger, { limit: 10 })).toHaveLength(1);
});

/** As an older version wrote it, with an option that nobody named as loggable. */
async function plant({ redis, keys }: Ledger, details: object): Promise<void> {
  const entry = { action: 'submit', batch: 'b1', outcome: 'done', code: '' };
  const texts = { by: JSON.stringify(by), details: JSON.stringify(details) };
  await redis.xadd(keys.log, '*', ...Object.entries({ ...entry, ...texts }).flat());
}

const HOOK = 'https://hooks.example.com/services/T0/B0/secret';

test('a reader of the log finds no webhook address that an older version logged', async () => {
  const ledger = openSpace();
  await plant(ledger, { notify: HOOK, accepted: 5 });
  await plant(ledger, { inviteType: HOOK, lifted: `x ${HOOK}`, rejected: 1 });
  const entries = await readLog(ledger, { limit: 10 });
  expect(entries.map(({ details }) => details)).toEqual([{ rejected: 1 }, { accepted: 5 }]);
});

test('a reader of Redis finds no webhook address after a worker has started', async () => {
  const ledger = openSpace();
  const { redis, keys } = ledger;
  await logDone(ledger, act({ details: { invite: true } }));
  await plant(ledger, { notify: HOOK, accepted: 5 });
  await logDone(ledger, act({ batch: 'b2' }));
  const before = await readLog(ledger, { limit: 10 });
  const ids = (await redis.xrange(keys.log, '-', '+')).map(([id]) => id);
  expect(await scrubLog(ledger)).toBe(1);
  expect(await readLog(ledger, { limit: 10 })).toEqual(before);
  const kept = await redis.xrange(keys.log, '-', '+');
  expect(kept.map(([id]) => id)).toEqual(ids);
  expect(JSON.stringify(kept)).not.toContain('secret');
  expect(await scrubLog(ledger)).toBe(0);
});

test('planted entries are counted, and hide no entry of ours', async () => {
  const ledger = openSpace();
  await logDone(ledger, act());
  await ledger.redis.xadd(ledger.keys.log, '*', 'action', 'pay', 'by', '{', 'details', '[]');
  await ledger.redis.xadd(ledger.keys.log, '*', 'x', 'y');
  const seen: number[] = [];
  const entries = await readLog(ledger, { limit: 5, onForeign: (count) => seen.push(count) });
  expect([entries.length, seen]).toEqual([1, [2]]);
});

test('an entry of 10,000 fields does not cost the log when a worker scrubs it', async () => {
  const ledger = openSpace();
  const { redis, keys } = ledger;
  await plant(ledger, { notify: HOOK });
  const fields = Array.from({ length: 20_000 }, (_, index) => `f${index}`);
  await redis.xadd(keys.log, '*', ...fields);
  await logDone(ledger, act());
  expect(await scrubLog(ledger)).toBe(1);
  expect(await readLog(ledger, { limit: 5 })).toHaveLength(2);
});
