import type { PlanView } from '../../../src/console/pages/plan-view.ts';
import type { PlanRecord, PlanSummary } from '../../../src/console/uploads/plan-record.ts';
import { sampleSummary } from '../uploads/sample-summary.ts';
import { WELL } from './shown.ts';

const NOON = Date.UTC(2026, 10, 29, 12);

const SUMMARY = sampleSummary({
  batch: { id: 'march', state: null },
  total: 12,
  accepted: 10,
  rejected: 2,
  types: { User: 10 },
  estimate: { creations: 10, lookups: 0, invites: 1, durationMs: 90_000, days: 1 },
  checks: [{ level: 'ok', check: 'redis', what: 'Redis 7.0.15' }],
});

/** A plan of ten people that waits for approval. */
export function samplePlan(
  summary: Partial<PlanSummary> = {},
  change: Partial<PlanRecord> = {},
): PlanRecord {
  return {
    key: 'k'.repeat(22),
    state: 'ready',
    by: { name: 'ana', role: 'operator' },
    at: NOON,
    expiresAt: NOON + 86_400_000,
    files: ['march.csv'],
    bytes: 1000,
    options: {},
    summary: { ...SUMMARY, ...summary },
    ...change,
  };
}

/** The view of a plan at its upload. */
export function viewOf(record: PlanRecord): PlanView {
  return { record, progress: undefined, standing: WELL, now: NOON };
}
