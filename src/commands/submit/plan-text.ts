import { counted, grouped } from '../../count.ts';
import { type BatchState, isOver } from '../../ledger/batch/batch-state.ts';
import { mostInvitees } from '../../ledger/invites/invites.ts';
import { typesText } from '../../people/account-types.ts';
import type { Remark } from '../../people/remark.ts';
import { daysText } from '../../preflight/estimate.ts';
import type { Judged } from '../../preflight/judge.ts';
import type { ChangedRow, Plan } from '../../preflight/make-plan.ts';
import { line } from '../../printable.ts';
import { type Asked, askedLines } from '../text/asked-text.ts';
import { groupLines } from '../text/groups-text.ts';
import { duration } from '../text/time-text.ts';
import type { ExampleColumn } from './example-columns.ts';

/** A plan with the batch that the files and options make; `state` is null when it is new. */
export interface BatchPlan extends Omit<Plan, 'example'> {
  batch: { id: string; state: BatchState | null };
  /** The columns of the files, with a value of the first person. */
  columns: readonly ExampleColumn[];
  /** Sentences about the files. */
  remarks: readonly Remark[];
  /** Everything that the submission asked for beside its people. */
  asked: Asked;
}

/** One row that would not be accepted. */
export function rowLine(row: Exclude<Judged, { kind: 'accepted' }>): string {
  return `${line`${row.file} line ${row.line}: ${row.kind}: ${row.reason}`}\n`;
}

/** A plan for people; every sum is written so that it can be checked. */
export function planText(plan: BatchPlan): string {
  const { batch, total, accepted, rejected, duplicates } = plan;
  const lines = [
    `plan ${plan.id}`,
    `  batch ${batch.id}: ${batchText(batch)}`,
    `  ${counted(total, 'row', 'rows')} = ${accepted} accepted + ${rejected} rejected + ${duplicates} duplicates`,
  ];
  if (accepted > 0) {
    lines.push(`  accepted: ${typesText(plan.types)}`, `  the first: ${firstText(plan)}`);
  }
  if (plan.changed.example !== undefined)
    lines.push(changedText(plan.changed.count, plan.changed.example));
  if (plan.notInvitable > 0) lines.push(`  ${notInvitableText(plan.notInvitable)}`);
  lines.push(...presentLines(plan), ...groupLines(plan.groups));
  lines.push(...askedLines(plan.asked).map((text) => `  ${text}`));
  if (!isDone(plan)) lines.push(`  requests: ${requestsText(plan)}`, `  time: ${timeText(plan)}`);
  return `${lines.join('\n')}\n`;
}

function batchText({ state }: BatchPlan['batch']): string {
  if (state === 'finished' || state === 'cancelled') {
    return `${state}: nothing would be sent (onboard retry tries failed people again)`;
  }
  return state === null ? 'new' : `exists (${state}); submitting it again continues it`;
}

/** Whether the batch of these files is over. */
function isDone({ batch: { state } }: BatchPlan): boolean {
  return state !== null && isOver({ state });
}

/** The next action for the reader. */
export function nextText(plan: BatchPlan): string {
  if (isDone(plan)) return 'nothing was written\n';
  const { id, present } = plan;
  const flags = present === undefined ? '--dry-run' : '--dry-run --lookup';
  return `nothing was written; to submit exactly this: the same command with --plan ${id} instead of ${flags}\n`;
}

function changedText(count: number, { file, line: at, reason }: ChangedRow): string {
  const rows = counted(count, 'row', 'rows');
  return line`  changed while reading: ${rows}, as ${file} line ${at}: ${reason}`;
}

function notInvitableText(count: number): string {
  const people = counted(count, 'person', 'people');
  return `not invitable: ${people} with an address that the portal's invite does not take; they get an account and its activation mail`;
}

function firstText({ first }: BatchPlan): string {
  return first.map(({ name, email }) => line`${name} <${email}>`).join(', ');
}

function presentLines({ present, accepted }: BatchPlan): string[] {
  if (present === undefined) return [];
  const { count, first, unknown } = present;
  const more = count > first.length ? ', …' : '';
  const named = first.length === 0 ? '' : line` (${first.join(', ')}${more})`;
  const lines = [`  on the portal already: ${grouped(count)} of ${grouped(accepted)}${named}`];
  if (unknown > 0) lines.push(`  no answer about ${counted(unknown, 'person', 'people')}`);
  return lines;
}

function requestsText({ estimate, asked: { inviteSize } }: BatchPlan): string {
  const { creations, lookups, invites } = estimate;
  const parts = [counted(creations, 'creation', 'creations')];
  if (lookups > 0) parts.push(counted(lookups, 'lookup', 'lookups'));
  const size = grouped(mostInvitees(inviteSize));
  const each = invites > 1 ? ` of at most ${size} people` : '';
  parts.push(`${counted(invites, 'invite', 'invites')}${each}`);
  return parts.join(' + ');
}

function timeText({ estimate }: BatchPlan): string {
  const { durationMs } = estimate;
  const days = daysText(estimate);
  if (durationMs === null) return `no limit is set; ${days}`;
  return `at least ${duration(durationMs)} at the limit that is set; ${days}`;
}
