import { expect, test } from 'vitest';
import { exitStatus } from '../../src/commands/submit/run.ts';
import type { Report } from '../../src/ledger/batch/numbers.ts';
import { sampleReport } from './sample-report.ts';

const over = { state: 'finished', pending: 0 } as const;

test.each<[string, Partial<Report>, boolean, number]>([
  ['finished and nobody failed', { ...over, failed: 0 }, false, 0],
  ['rejected rows do not count', { ...over, failed: 0, rejected: 5 }, false, 0],
  ['unless strict', { ...over, failed: 0, rejected: 5 }, true, 3],
  ['strict without rejected rows', { ...over, failed: 0, rejected: 0 }, true, 0],
  ['some people failed', { ...over, failed: 2 }, false, 3],
  ['held', { hold: 'key-rejected' }, false, 4],
  ['held with failed people', { hold: 'key-rejected', failed: 9 }, true, 4],
  ['not over', {}, false, 130],
  ['inviting', { state: 'inviting', pending: 0 }, false, 130],
  ['cancelled', { state: 'cancelled', failed: 0 }, false, 0],
])('exit status: %s', (_, change, strict, status) => {
  expect(exitStatus(sampleReport(change), { strict })).toBe(status);
});
