import type { PlanSummary } from '../../../src/console/uploads/plan-record.ts';

/** The plan of one person, with these changes. */
export function sampleSummary(change: Partial<PlanSummary> = {}): PlanSummary {
  return {
    id: 'p1-0',
    batch: { id: 'staff', state: null },
    total: 1,
    accepted: 1,
    rejected: 0,
    duplicates: 0,
    notInvitable: 0,
    types: { User: 1 },
    changed: { count: 0 },
    estimate: { creations: 1, lookups: 0, invites: 1, durationMs: null, days: 1 },
    remarks: [],
    checks: [],
    columns: [],
    ...change,
  };
}
