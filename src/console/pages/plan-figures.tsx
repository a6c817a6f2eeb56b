import { counted, grouped } from '../../count.ts';
import type { PlanSummary } from '../uploads/plan-record.ts';
import { lengthOf } from './parts/words.ts';
import type { PlanView } from './plan-view.ts';

/** The numbers of a plan. */
export function PlanFigures({ view: { record } }: { view: PlanView }) {
  const { summary } = record;
  if (summary === undefined) return null;
  const { accepted, present, rejected, duplicates, estimate } = summary;
  const figures: [label: string, value: string, name?: string][] = [
    ['To create', grouped(accepted - (present?.count ?? 0)), 'created'],
    ['Already there', present === undefined ? 'not asked' : grouped(present.count), 'existing'],
    ['Rejected', grouped(rejected), 'failed'],
    ...(duplicates > 0 ? [['Duplicates', grouped(duplicates)] as [string, string]] : []),
    ['Invite', counted(estimate.invites, 'request', 'requests')],
    ['Takes about', timeText(summary)],
    ['Roles', rolesText(summary)],
  ];
  return (
    <section class="card" aria-label="Figures">
      <dl class="figures">
        {figures.map(([label, value, name]) => (
          <div>
            <dt class={name}>{label}</dt>
            <dd data-figure={label}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function timeText({ estimate: { durationMs, days } }: PlanSummary): string {
  if (days > 1) return counted(days, 'day', 'days');
  return durationMs === null ? 'not limited' : lengthOf(durationMs / 1000);
}

function rolesText({ types }: PlanSummary): string {
  const given = Object.entries(types);
  const [first] = given;
  if (given.length === 1 && first !== undefined) return `all ${first[0]}`;
  return given.map(([type, count]) => `${grouped(count)} ${type}`).join(', ') || 'none';
}
