import { expect, test } from 'vitest';
import { batchIds, finish } from '../../src/ledger/batches.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { takeLock } from '../../src/ledger/lock.ts';
import { reportOf } from '../../src/ledger/report.ts';
import { purgeBefore } from '../../src/ledger/retention.ts';
import { people, person } from '../support/people.ts';
import { fill, fillCreated, openSpace } from './fill.ts';

const later = () => Date.now() + 60_000;

async function keysOf({ redis, keys }: Ledger): Promise<string[]> {
  const found: string[] = [];
  const prefix = keys.batches.replace(':batches', '');
  for await (const some of redis.scanStream({ match: `${prefix}*` })) found.push(...some);
  return found;
}

test('a purged batch leaves no key behind, claims included', async () => {
  const ledger = openSpace();
  const bad = { kind: 'rejected' as const, at: { file: 'f', line: 9 }, raw: {}, faults: [] };
  await fillCreated(ledger, 'old', [...people(1250), person('p1@example.com'), bad]);
  await finish(ledger, 'old');
  expect((await keysOf(ledger)).length).toBeGreaterThan(20);
  expect(await purgeBefore(ledger, later())).toEqual(['old']);
  expect(await keysOf(ledger)).toEqual([]);
});

test('batches with work left stay, however old; so does one that finished later', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'unfinished', people(2));
  await fillCreated(ledger, 'finished', people(2, 10));
  await finish(ledger, 'finished');
  expect(await purgeBefore(ledger, Date.now() - 60_000)).toEqual([]);
  expect(await purgeBefore(ledger, later())).toEqual(['finished']);
  expect(await batchIds(ledger)).toEqual(['unfinished']);
  expect(await reportOf(ledger, 'unfinished', Date.now())).toMatchObject({ created: 2, total: 2 });
});

test('an intake that was given up goes, one whose producer lives stays', async () => {
  const ledger = openSpace();
  await fill(ledger, 'given-up', people(2));
  await fill(ledger, 'alive', people(2, 10));
  await takeLock(ledger, 'alive', 'its producer');
  expect(await purgeBefore(ledger, later())).toEqual(['given-up']);
});

test('a purge leaves alone what another batch has claimed since', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'old', people(3));
  await finish(ledger, 'old');
  await fillCreated(ledger, 'new', people(2));
  await purgeBefore(ledger, later());
  await fill(ledger, 'third', people(3));
  const report = await reportOf(ledger, 'third', Date.now());
  expect(report).toMatchObject({ rejected: 2, pending: 1 });
});

test('a purge that was cut short is taken up again and does not stop the others', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'cut', people(1));
  await fillCreated(ledger, 'next', people(1, 10));
  await finish(ledger, 'next');
  await ledger.redis.del(ledger.keys.record('cut'));
  expect(await purgeBefore(ledger, later())).toEqual(['cut', 'next']);
  expect(await keysOf(ledger)).toEqual([]);
});
