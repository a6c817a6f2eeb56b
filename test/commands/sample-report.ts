import type { Report } from '../../src/ledger/batch/numbers.ts';

/** A batch of 100 people in the middle of its work, with these changes. */
export function sampleReport(change: Partial<Report> = {}): Report {
  return {
    batchId: 'b1',
    state: 'processing',
    hold: null,
    round: 1,
    total: 110,
    accepted: 100,
    types: { User: 100 },
    rejected: 7,
    duplicates: 3,
    pending: 60,
    created: 30,
    existing: 8,
    failed: 2,
    cancelled: 0,
    invited: 0,
    notInvitable: 0,
    groupsMissing: 0,
    unmailed: 0,
    otherRole: 0,
    otherRoleBefore: 0,
    unansweredInvites: 0,
    gate: null,
    inviteRequests: 0,
    startedAt: '2026-01-02T03:04:05.678Z',
    finishedAt: null,
    durationMs: 61_000,
    peopleRemovedAt: null,
    ...change,
  };
}
