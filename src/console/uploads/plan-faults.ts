import { OnboardError } from '../../errors.ts';
import type { PlanFailure, PlanRecord } from './plan-record.ts';

/** A submission that ended before its end was stored. */
export const INTERRUPTED: PlanFailure = {
  code: 'interrupted',
  message: 'the console ended during the submission: approve again, and it continues',
};

/** The record of work that has ended with a failure: a list can be planned or approved again. */
export function failed(record: PlanRecord, failure: PlanFailure): PlanRecord {
  if (record.state === 'planning') return { ...record, state: 'failed', failure };
  if (record.state === 'submitting') return { ...record, state: 'ready', failure };
  return record;
}

/** An error as the page of a plan shows it. */
export function failureOf(error: unknown): PlanFailure {
  if (error instanceof OnboardError) return { code: error.code, message: error.message };
  const message = 'the console could not finish this, and its log has the reason: plan again';
  return { code: 'E_INTERNAL', message };
}
