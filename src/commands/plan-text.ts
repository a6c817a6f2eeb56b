import { counted, grouped } from '../count.ts';
import type { BatchState } from '../ledger/batches.ts';
import { daysText } from '../preflight/estimate.ts';
import type { Judged } from '../preflight/judge.ts';
import type { Plan } from '../preflight/plan.ts';
import { duration } from './progress.ts';

/** How the JSON of a plan begins. */
export const planOpening = '{"rows":[';

/** The batch that the files and options make; `state` is null when it is new. */
export interface PlannedBatch {
  id: string;
  state: BatchState | null;
}

/** One row that would not be accepted. */
export function rowLine({
  file,
  line,
  kind,
  reason,
}: Exclude<Judged, { kind: 'accepted' }>): string {
  return `${file} line ${line}: ${kind}: ${reason}\n`;
}

/** A plan for people; every sum is written so that it can be checked. */
export function planText(plan: Plan & { batch: PlannedBatch }): string {
  const { total, accepted, rejected, duplicates } = plan;
  const lines = [
    `plan ${plan.id}`,
    `  batch ${plan.batch.id}: ${batchText(plan.batch)}`,
    `  ${total} rows = ${accepted} accepted + ${rejected} rejected + ${duplicates} duplicates`,
    ...(accepted === 0
      ? []
      : [`  accepted: ${typesText(plan)}`, `  the first: ${firstText(plan)}`]),
    ...presentText(plan),
    `  requests: ${requestsText(plan)}`,
    `  time: ${timeText(plan)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function batchText({ state }: PlannedBatch): string {
  if (state === null) return 'new';
  return `here already (${state}), submitting it again goes on with it`;
}

/** What to do next. */
export function nextText({ id, present }: Plan): string {
  const flags = present === undefined ? '--dry-run' : '--dry-run --lookup';
  return `nothing was written; to submit exactly this: the same command with --plan ${id} instead of ${flags}\n`;
}

function typesText({ types }: Plan): string {
  return Object.entries(types)
    .map(([type, count]) => `${grouped(count)} ${type}`)
    .join(', ');
}

function firstText({ first }: Plan): string {
  return first.map(({ name, email }) => `${name} <${email}>`).join(', ');
}

function presentText({ present, accepted }: Plan): string[] {
  if (present === undefined) return [];
  const { count, first, unknown } = present;
  const named =
    first.length === 0 ? '' : ` (${first.join(', ')}${count > first.length ? ', …' : ''})`;
  return [
    `  on the portal already: ${grouped(count)} of ${grouped(accepted)}${named}`,
    ...(unknown === 0 ? [] : [`  no answer about ${counted(unknown, 'person', 'people')}`]),
  ];
}

function requestsText({ estimate: { creations, lookups, invites } }: Plan): string {
  const found = lookups === 0 ? '' : ` + ${counted(lookups, 'lookup', 'lookups')}`;
  const made = counted(creations, 'creation', 'creations');
  return `${made}${found} + ${counted(invites, 'invite', 'invites')}`;
}

function timeText({ estimate }: Plan): string {
  const { durationMs } = estimate;
  const pace =
    durationMs === null
      ? 'no limit is set'
      : `at least ${duration(durationMs)} at the limit that is set`;
  return `${pace}; ${daysText(estimate)}`;
}
