import type { Standing } from '../../overview/standing.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import type { Progress } from '../uploads/plans.ts';

/** A plan at one moment. */
export interface PlanView {
  record: PlanRecord;
  progress: Progress | undefined;
  standing: Standing;
  now: number;
}
