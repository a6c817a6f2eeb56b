import { expect, test } from 'vitest';
import { requireBatch } from '../../src/ledger/batch/require-batch.ts';
import { nearestNames } from '../../src/nearest-names.ts';
import { fill, openSpace } from './fill.ts';

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

test('at most three names are suggested', () => {
  const many = Array.from({ length: 9 }, (_, index) => `list-${index}`);
  expect(nearestNames('list-x', many)).toEqual(['list-0', 'list-1', 'list-2']);
});

test('a batch that exists passes; the error for another names the nearest, and no part will do', async () => {
  const ledger = openSpace();
  await fill(ledger, 'import-10', []);
  await requireBatch(ledger, 'import-10');
  await expect(requireBatch(ledger, 'import-1')).rejects.toMatchObject({
    code: 'E_BATCH_UNKNOWN',
    message:
      'no batch import-1 found (did you mean import-10?); `onboard status` lists the batches that exist',
  });
  await expect(requireBatch(ledger, 'zzz')).rejects.toThrow(
    'no batch zzz found; `onboard status` lists the batches that exist',
  );
  // A key of the ledger that does not belong to a batch.
  await expect(requireBatch(ledger, 'import-10:is:pending')).rejects.toMatchObject({
    code: 'E_BATCH_UNKNOWN',
  });
});
