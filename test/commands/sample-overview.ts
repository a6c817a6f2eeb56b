import type { Report } from '../../src/ledger/batch/numbers.ts';
import type { Overview } from '../../src/overview/overview.ts';
import { sampleReport } from './sample-report.ts';

/** A batch with 60 people left, at two a second of at most four, with these changes. */
export function sampleOverview(
  change: Partial<Overview> = {},
  inReport: Partial<Report> = {},
): Overview {
  return {
    report: sampleReport(inReport),
    inviteAt: undefined,
    gateDetail: undefined,
    hold: undefined,
    waits: [],
    causes: [],
    remarks: [],
    ratePerSecond: 2,
    limits: undefined,
    allowedPerSecond: 4,
    backlog: 0,
    workers: 1,
    now: 0,
    ...change,
  };
}
