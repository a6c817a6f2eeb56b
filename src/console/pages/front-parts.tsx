import { grouped } from '../../count.ts';
import type { FrontView } from '../../overview/batch-view.ts';
import { may } from '../auth/roles.ts';
import type { Reader } from '../reader.ts';
import { peopleAhead, type Report, stateWord } from '../state-word.ts';
import { BatchTable } from './batch-table.tsx';
import { Bar } from './parts/bar.tsx';
import { State } from './parts/state.tsx';
import { people } from './parts/words.ts';

/** Batches of the list on the front page. */
const SHOWN = 10;

/** The batches that are not over, with how far they are. */
export function InProgress({ front }: { front: FrontView }) {
  const { inProgress } = front;
  if (inProgress.length === 0) return null;
  return (
    <section class="column" aria-labelledby="moving">
      <h2 id="moving">In progress</h2>
      <ul class="tiles">
        {inProgress.map((report) => (
          <Tile report={report} front={front} />
        ))}
      </ul>
    </section>
  );
}

function Tile({ report, front }: { report: Report; front: FrontView }) {
  const ahead = peopleAhead(report, front.inProgress);
  const isIncomplete = front.incomplete.includes(report.batchId);
  const state = stateWord(report, { isIncomplete, ahead, waits: front.waits });
  const settled = report.accepted - report.pending;
  return (
    <li class="card">
      <div class="title">
        <h3>
          <a href={`/batches/${report.batchId}`}>
            <bdi>{report.batchId}</bdi>
          </a>
        </h3>
        <State state={state} />
      </div>
      <Bar report={report} />
      <div class="between muted">
        <span>{`${grouped(settled)} of ${grouped(report.accepted)}`}</span>
        <span>{tileNote(report, ahead)}</span>
      </div>
    </li>
  );
}

function tileNote(report: Report, ahead: number): string {
  if (report.hold !== null) return 'waits for the hold';
  if (report.gate !== null || report.state === 'waiting') return 'waits for you';
  if (ahead > 0) return `starts after ${people(ahead)}`;
  return report.failed > 0 ? `${grouped(report.failed)} failed` : '';
}

/** The newest batches as a table. */
export function Newest({ front }: { front: FrontView }) {
  return (
    <section class="card">
      <h2>Newest batches</h2>
      <BatchTable
        list={{ ...front, reports: front.reports.slice(0, SHOWN), others: front.inProgress }}
        now={front.now}
      />
      {front.unreadable.map(({ batchId, error }) => (
        <p class="error">
          <bdi>{batchId}</bdi>: {error.code}
        </p>
      ))}
      {front.total > SHOWN ? (
        <p>
          <a href="/batches">{`All ${grouped(front.total)} batches`}</a>
        </p>
      ) : null}
    </section>
  );
}

/** First steps where no batch is stored. */
export function FirstStart({ reader }: { reader?: Reader }) {
  return (
    <section class="card">
      <h2>No batch yet</h2>
      <p>
        A batch turns a list of people into accounts and one invite. Its progress, who failed and
        why would stand here.
      </p>
      {reader !== undefined && may(reader.role, 'plan') ? (
        <p>
          <a href="/submit">Start one with a list</a>: you see a plan before anything is sent.
        </p>
      ) : null}
      <p>
        Submit one from a terminal: <code>onboard submit people.csv</code>
      </p>
    </section>
  );
}
