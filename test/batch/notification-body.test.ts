import { expect, test } from 'vitest';
import { notificationBody } from '../../src/batch/notification-body.ts';
import { holdCodes } from '../../src/stops.ts';
import { sampleReport } from '../commands/sample-report.ts';

const finished = { batch: 'b1', round: 1, event: 'finished', at: 1_772_366_400_000 } as const;

test('a list cannot make an administrator without its message saying so', () => {
  const textOf = (types: object) => {
    const report = sampleReport({ accepted: 3, types });
    return JSON.parse(notificationBody({ notification: finished, report, hold: undefined })).text;
  };
  expect(textOf({ User: 2, DocSpaceAdmin: 1 })).toContain('3 people (2 User, 1 DocSpaceAdmin): ');
  expect(textOf({ User: 3 })).toContain('3 people: ');
});

test.each(holdCodes)('the sentence of a hold (%s) waits for no detail of the case', (hold) => {
  const notification = { ...finished, event: 'held' } as const;
  const body = notificationBody({ notification, report: sampleReport({}), hold });
  expect(body).not.toMatch(/[{]\w+[}]|undefined/);
});
