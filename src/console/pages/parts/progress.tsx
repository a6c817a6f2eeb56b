import { grouped } from '../../../count.ts';
import type { BatchView } from '../../../overview/batch-view.ts';
import { daysOfWrites, secondsLeft } from '../../../overview/overview.ts';
import type { Report } from '../../state-word.ts';
import { Bar } from './bar.tsx';
import { Time } from './time.tsx';
import { lengthOf, people, settledShare } from './words.ts';

/** How far a batch is, and in which parts. */
export function Progress({ view }: { view: BatchView }) {
  const { report } = view.overview;
  const settled = report.accepted - report.pending;
  return (
    <section class="card" aria-label="Progress">
      <div class="progress">
        <p>
          <strong class="percent">{settledShare(report)}</strong> {grouped(settled)} of{' '}
          {grouped(report.accepted)} people {report.state === 'intake' ? 'so far ' : ''}settled
        </p>
        <p>
          <TimeLeft view={view} />
        </p>
      </div>
      <Bar report={report} />
      <Figures report={report} />
    </section>
  );
}

/** The time that is left in words; waits, holds and other batches are named instead of a guess. */
function TimeLeft({ view }: { view: BatchView }) {
  const { overview, standing, ahead } = view;
  const { report } = overview;
  if (report.finishedAt !== null) {
    return (
      <>
        Ended <Time at={report.finishedAt} now={view.now} />, after{' '}
        {lengthOf(report.durationMs / 1000)}
      </>
    );
  }
  if (standing.hold !== undefined) return <>Waits for the hold</>;
  if (report.gate !== null) return <>Waits for the invite</>;
  if (report.state === 'waiting') return <>Waits for you</>;
  if (overview.workers === 0) return <>Waits for a worker</>;
  const seconds = secondsLeft(overview);
  const left = seconds === null ? 'time left unknown' : `about ${lengthOf(seconds)} left`;
  if (ahead > 0) return <>{`Starts after ${people(ahead)} · ${left}`}</>;
  const rate = overview.ratePerSecond;
  const days = daysOfWrites(overview);
  const pace = rate > 0 ? `${rate.toFixed(1)} a second · ` : '';
  return (
    <>
      {pace}
      <strong>{left}</strong>
      {days === null
        ? ', then the invite'
        : ` at the present rate; ${days} days where the portal allows 10,000 writes a day`}
    </>
  );
}

/** The numbers of a batch; those of people who can be listed are links. */
function Figures({ report }: { report: Report }) {
  const { batchId, cancelled } = report;
  const rows = `/batches/${batchId}/rows`;
  return (
    <dl class="figures">
      <Figure name="created" label="Created" count={report.created} />
      <Figure name="existing" label="Already there" count={report.existing} />
      <Figure name="failed" label="Failed" count={report.failed} href={`${rows}?state=failed`} />
      {cancelled > 0 ? <Figure name="cancelled" label="Cancelled" count={cancelled} /> : null}
      <Figure name="todo" label="To do" count={report.pending} />
      <Figure label="Invited" count={report.invited} />
      <Figure label="Rejected at intake" count={report.rejected} href={`${rows}?state=rejected`} />
      {report.duplicates > 0 ? (
        <Figure label="Duplicates" count={report.duplicates} href={`${rows}?state=duplicate`} />
      ) : null}
    </dl>
  );
}

interface FigureProps {
  name?: string;
  label: string;
  count: number;
  href?: string;
}

function Figure({ name, label, count, href }: FigureProps) {
  return (
    <div>
      <dt class={name}>{label}</dt>
      <dd data-figure={label}>
        {href !== undefined && count > 0 ? <a href={href}>{grouped(count)}</a> : grouped(count)}
      </dd>
    </div>
  );
}
