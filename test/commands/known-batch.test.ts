import { expect, test } from 'vitest';
import { checkBatch, nearestNames } from '../../src/commands/known-batch.ts';
import { fill, openSpace } from '../ledger/fill.ts';

const names = ['b27ad21ca83d8', 'staff-2026', 'staff-2025', 'guests', 'b91c0ffee1234'];

test.each<[string, string[]]>([
  ['b27ad21ca83d', ['b27ad21ca83d8']],
  ['b27da21ca83d8', ['b27ad21ca83d8']],
  ['STAFF', ['staff-2026', 'staff-2025']],
  ['staff-2024', ['staff-2026', 'staff-2025']],
  ['guets', ['guests']],
  ['gutters', []],
  ['guest', ['guests']],
  ['gests', ['guests']],
  ['q', []],
  ['', []],
])('%j is most like %j', (wrong, near) => {
  expect(nearestNames(wrong, names)).toEqual(near);
});

test('at most three names are told', () => {
  const many = Array.from({ length: 9 }, (_, index) => `list-${index}`);
  expect(nearestNames('list-x', many)).toEqual(['list-0', 'list-1', 'list-2']);
});

test('a batch that is kept passes; the error for another names the nearest, and no part will do', async () => {
  const ledger = openSpace();
  await fill(ledger, 'import-10', []);
  await checkBatch(ledger, 'import-10');
  await expect(checkBatch(ledger, 'import-1')).rejects.toMatchObject({
    code: 'E_BATCH_UNKNOWN',
    message:
      'no batch import-1 is kept here: did you mean import-10? `onboard status` lists those that are',
  });
  await expect(checkBatch(ledger, 'zzz')).rejects.toThrow(
    'no batch zzz is kept here: `onboard status` lists those that are',
  );
  // A key of the ledger that is no batch.
  await expect(checkBatch(ledger, 'import-10:is:pending')).rejects.toMatchObject({
    code: 'E_BATCH_UNKNOWN',
  });
});
