import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBatch } from '../../src/ledger/batch/batches.ts';
import { chooseInvitees, inviteesIn } from '../../src/ledger/invites/invitees.ts';
import { bitmapOf, firstOf, setPositions, withoutAny } from '../../src/ledger/rows/bitmap.ts';
import { decodeInput, emailIn, emailOf } from '../../src/ledger/rows/row-codec.ts';
import { people } from '../support/people.ts';
import { fillCreated, openSpace } from './fill.ts';

const rows = fc.uniqueArray(fc.nat(300), { maxLength: 60 }).map((all) => all.sort((a, b) => a - b));

test('the next people are the first who are created and in no other list, whatever the lists', () => {
  fc.assert(
    fc.property(rows, fc.array(rows, { maxLength: 3 }), fc.nat(70), (created, lists, most) => {
      const left = created.filter((row) => !lists.flat().includes(row)).slice(0, most);
      const chosen = firstOf(withoutAny(bitmapOf(created), lists.map(bitmapOf)), most);
      expect([chosen.count, setPositions(chosen.rows, 0)]).toEqual([left.length, left]);
    }),
  );
});

test('people of few and of many rows of a bucket come in the order of the input', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(2300));
  await ledger.redis.setrange(ledger.keys.invited('b1'), 0, Buffer.alloc(130, 0xff));
  const batch = await readBatch(ledger, 'b1');
  const { count, rows: chosen } = await chooseInvitees(ledger, { ...batch, inviteSize: 1070 });
  expect(count).toBe(1070);
  const slices: number[] = [];
  const emails: string[] = [];
  for await (const slice of inviteesIn(ledger, 'b1', chosen)) {
    slices.push(slice.length);
    emails.push(...slice.map(({ email }) => email));
  }
  expect(slices).toEqual([960, 110]);
  expect(emails).toEqual(Array.from({ length: 1070 }, (_, row) => `p${row + 1040}@example.com`));
});

test('a person whose row is damaged is not left out silently', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(3));
  await ledger.redis.hset(`${ledger.keys.rows('b1')}0`, { 1: '{"file":' });
  const { rows: chosen } = await chooseInvitees(ledger, await readBatch(ledger, 'b1'));
  await expect(inviteesIn(ledger, 'b1', chosen).next()).rejects.toThrow('row 1 is damaged');
});

test.each([
  ['a row', '{"file":"a.csv","line":2,"person":{"email":"a@b.cd","firstName":"A"}}'],
  ['a quote', '{"file":"","line":2,"person":{"email":"\\"a\\"@b.cd"}}'],
  [
    'a name that looks like it',
    '{"file":"\\"person\\":{\\"email\\":\\"x\\"","line":2,"person":{}}',
  ],
  ['another order', '{"person":{"firstName":"A","email":"a@b.cd"},"line":2,"file":""}'],
  ['a cut text', '{"file":"a.csv","line":2,"person":{"email":"a@b'],
  ['no row', null],
  ['a number', '{"file":"a.csv","line":2,"person":{"email":7}}'],
])('the e-mail that is read alone is the one that is read with the rest: %s', (_what, text) => {
  expect(emailIn(text)).toBe(emailOf(decodeInput(text)));
});
