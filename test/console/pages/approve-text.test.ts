import { describe, expect, test } from 'vitest';
import { ApproveText } from '../../../src/console/pages/approve-text.tsx';
import type { PlanRecord } from '../../../src/console/uploads/plan-record.ts';
import { samplePlan } from './sample-plan.ts';
import { shown } from './shown.ts';

describe('an approval', () => {
  test.each<[PlanRecord, RegExp]>([
    [
      samplePlan(),
      /^10 people of march\.csv, uploaded by ana, get an account on q: 10 User\. 1 invite request follows; its mails cannot be taken back\. 2 rows stay out\./,
    ],
    [samplePlan({ accepted: 1, types: { User: 1 } }), /^1 person .* gets an account/],
    [
      samplePlan({}, { options: { inviteHeld: true } }),
      /The invite waits until somebody releases it\./,
    ],
    [
      samplePlan(
        {},
        { options: { inviteAt: Date.UTC(2026, 11, 1, 7), inviteZone: 'Europe/Berlin' } },
      ),
      /follows at 2026-12-01 08:00 Europe\/Berlin \(\+01:00\), 2026-12-01 07:00 UTC, not before;/,
    ],
  ])('says what it does: %#', (record, text) => {
    expect(shown(ApproveText({ record, portal: 'q', isHeld: false })).text).toMatch(text);
  });

  test('says that work is held, and begins later', () => {
    const { text } = shown(ApproveText({ record: samplePlan(), portal: 'q', isHeld: true }));
    expect(text).toContain('it begins once somebody resumes');
  });
});
