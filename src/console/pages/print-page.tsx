import { grouped } from '../../count.ts';
import type { BatchView } from '../../overview/batch-view.ts';
import { remedyFor } from '../../overview/remedies.ts';
import { actorName } from '../../process/actor.ts';
import { batchState, type Report } from '../state-word.ts';
import { Crumbs } from './parts/crumbs.tsx';
import { deedText } from './parts/deed.ts';
import { Facts } from './parts/facts.tsx';

interface PrintProps {
  view: BatchView;
  portal: string;
  /** Who printed it. */
  name: string;
}

/** A record of a batch for the files: numbers, reasons and who did what, in UTC, without people. */
export function PrintPage({ view, portal, name }: PrintProps) {
  const { report, causes } = view.overview;
  return (
    <>
      <div>
        <Crumbs batch={report.batchId} />
        <h1>
          Record of <bdi>{report.batchId}</bdi>
        </h1>
        <p class="muted">
          {batchState(view).word} · round {report.round} · for <bdi>{portal}</bdi> · printed{' '}
          {utc(view.now)} by <bdi>{name}</bdi>
        </p>
      </div>
      <section class="card">
        <h2>Time (UTC)</h2>
        <dl class="facts">
          <dt>Submitted</dt>
          <dd>{utc(report.startedAt)}</dd>
          <dt>Ended</dt>
          <dd>{report.finishedAt === null ? 'not yet' : utc(report.finishedAt)}</dd>
        </dl>
      </section>
      <section class="card">
        <h2>People</h2>
        <Facts facts={numbersOf(report)} />
      </section>
      <section class="card">
        <h2>Why people failed</h2>
        {causes.length === 0 ? (
          <p>Nobody failed.</p>
        ) : (
          <Facts
            facts={causes.map(({ code, count }) => {
              return [grouped(count), `${remedyFor('failed', code).title} (${code})`];
            })}
          />
        )}
      </section>
      <section class="card">
        <h2>Who did what</h2>
        {view.activity.map((entry) => (
          <p>
            {utc(entry.at)}: <bdi>{actorName(entry.by)}</bdi> {deedText(entry)}
          </p>
        ))}
      </section>
    </>
  );
}

/** Every number of a batch with its name. */
function numbersOf(report: Report): (readonly [string, string])[] {
  const numbers = [
    ['Rows in the list', report.total],
    ['Accepted', report.accepted],
    ['Created', report.created],
    ['Already there', report.existing],
    ['Failed', report.failed],
    ['Cancelled', report.cancelled],
    ['To do', report.pending],
    ['Rejected at intake', report.rejected],
    ['Duplicates', report.duplicates],
    ['Invited', report.invited],
    ['Left out of the invite', report.notInvitable],
    ['Another role than asked', report.otherRole],
    ['Not in every group', report.groupsMissing],
    ['Perhaps without a mail', report.unmailed],
  ] as const;
  return numbers.map(([name, count]) => [name, grouped(count)]);
}

function utc(at: number | string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
