import { expect, test } from 'vitest';
import { beginInviting, closeIntake, finish } from '../../src/ledger/batch/batches.ts';
import { takeLock } from '../../src/ledger/batch/lock.ts';
import { holdBack } from '../../src/ledger/batch/rounds.ts';
import { noteInvitePart } from '../../src/ledger/invites/invite-part.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { markRows, type RowMark } from '../../src/ledger/rows/marks.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { readFront } from '../../src/overview/batch-view.ts';
import type { Readable } from '../../src/overview/overview.ts';
import { NOTIFY } from '../../src/queue/names.ts';
import { fill, fillCreated } from '../ledger/fill.ts';
import { people } from '../support/people.ts';
import { quick } from '../support/timings.ts';
import { openReadable } from './open-readable.ts';

async function readNeeds(readable: Readable, now: number) {
  return (await readFront(readable, now)).needs;
}

async function finished(ledger: Ledger, id: string, mark?: RowMark): Promise<void> {
  await fillCreated(ledger, id, people(2));
  if (mark !== undefined) await markRows(ledger, id, { rows: [1], set: [mark] });
  await finish(ledger, id);
}

async function failed(ledger: Ledger, id: string, codes: readonly string[]): Promise<void> {
  await fill(ledger, id, people(codes.length));
  await closeIntake(ledger, id);
  for (const [row, code] of codes.entries()) {
    await settleRow(ledger, { batch: id, round: 1, row }, { state: 'failed', outcome: { code } });
  }
  await finish(ledger, id);
}

async function gated(ledger: Ledger, id: string, record: Record<string, string | number>) {
  await fillCreated(ledger, id, people(2, id.length * 100));
  await ledger.redis.hset(ledger.keys.record(id), record);
  await beginInviting(ledger, id);
}

test('nothing is needed for batches that finished, move, or wait for a time', async () => {
  const readable = openReadable();
  const { ledger } = readable;
  const now = Date.now();
  expect(await readNeeds(readable, now)).toEqual([]);
  await finished(ledger, 'b1');
  await gated(ledger, 'b2', { inviteAt: now + 60_000 });
  await fill(ledger, 'b3', people(1, 9));
  await closeIntake(ledger, 'b3');
  await fill(ledger, 'b4', people(1, 8));
  await takeLock(ledger, 'b4', { token: 't', timings: quick });
  expect(await readNeeds(readable, now)).toEqual([]);
});

test('everything that needs a person is named once, the most urgent first', async () => {
  const readable = openReadable();
  const { ledger, queues } = readable;
  await finished(ledger, 'unmailed', 'unmailed');
  await finished(ledger, 'roles', 'other-role');
  await failed(ledger, 'failed', ['timeout', 'bad-request', 'timeout']);
  await gated(ledger, 'held', { inviteHeld: 1 });
  await gated(ledger, 'stuck', { minCreatedPercent: 0 });
  const stuck = { code: 'invite-refused', detail: 'words of the portal' } as const;
  await noteInvitePart(ledger, 'stuck', { part: { refusedInRow: 3 }, stuck });
  await fill(ledger, 'limited', people(3, 50));
  await closeIntake(ledger, 'limited');
  await holdBack(ledger, 'limited', 0);
  await finish(ledger, 'limited');
  await fill(ledger, 'incomplete', people(1, 7));
  const jobId = 'roles.1.finished.5';
  await queues.notify.add(NOTIFY, { batch: 'roles', notice: jobId }, { jobId });
  const client = ledger.redis;
  await client.lrem(queues.notify.toKey('wait'), 0, jobId);
  await client.zadd(queues.notify.toKey('failed'), 1, jobId);
  const needs = await readNeeds(readable, Date.now());
  expect(needs).toEqual([
    { kind: 'gate', batch: 'stuck', people: 2, gate: 'invite-refused' },
    { kind: 'gate', batch: 'held', people: 2, gate: 'invite-held' },
    { kind: 'limit', batch: 'limited', people: 3 },
    { kind: 'incomplete', batch: 'incomplete', people: 1 },
    { kind: 'failed', batch: 'failed', people: 3, retryable: 2 },
    { kind: 'notification-given-up', batch: 'roles', people: 2 },
    { kind: 'roles', batch: 'roles', people: 1 },
    { kind: 'unmailed', batch: 'unmailed', people: 1 },
  ]);
});

test('failed people are no need once their names are removed or they are being retried', async () => {
  const readable = openReadable();
  const { ledger } = readable;
  await failed(ledger, 'b1', ['timeout']);
  await failed(ledger, 'b2', ['timeout']);
  await ledger.redis.hset(ledger.keys.record('b1'), 'peopleRemovedAt', 1);
  await ledger.redis.hset(ledger.keys.record('b2'), 'state', 'processing');
  expect(await readNeeds(readable, 0)).toEqual([]);
});

test('the newest 200 batches are read, in a command each; a damaged one stops nobody', async () => {
  const readable = openReadable();
  const { ledger } = readable;
  await failed(ledger, 'new', ['timeout']);
  await failed(ledger, 'old', ['timeout']);
  await ledger.redis.zadd(ledger.keys.batches, 1, 'old');
  const names = Array.from({ length: 199 }, (_, index) => [index + 2, `gone${index}`]);
  await ledger.redis.zadd(ledger.keys.batches, ...names.flat());
  await ledger.redis.set(ledger.keys.record('gone1'), 'x');
  const send = ledger.redis.sendCommand.bind(ledger.redis);
  let sent = 0;
  ledger.redis.sendCommand = (...command: Parameters<typeof send>) => {
    sent += 1;
    return send(...command);
  };
  const needs = await readNeeds(readable, 0);
  ledger.redis.sendCommand = send;
  expect(needs.map(({ batch }) => batch)).toEqual(['new']);
  expect(sent).toBeLessThan(230);
});
