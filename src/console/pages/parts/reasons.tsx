import { grouped } from '../../../count.ts';
import type { BatchView } from '../../../overview/batch-view.ts';
import { remedyFor } from '../../../overview/remedies.ts';
import { may } from '../../auth/roles.ts';
import type { Reader } from '../../reader.ts';
import { Place } from './place.tsx';
import { Said } from './said.tsx';
import { Scroll } from './scroll.tsx';

interface Props {
  view: BatchView;
  reader: Reader;
}

/** Why people failed, the most frequent reason first, with what helps. */
export function Reasons({ view, reader }: Props) {
  const { causes, report } = view.overview;
  // A page has one primary button; that of a gate or a hold comes first.
  const isFree = report.gate === null && view.standing.hold === undefined;
  const first = isFree ? causes.find(({ code }) => kindOf(code) === 'retry') : undefined;
  return (
    <section class="card">
      <h2>Why people failed</h2>
      {causes.length === 0 ? (
        <p class="muted">
          {report.pending > 0 ? 'Nobody has failed so far.' : 'Nobody failed.'} Each reason would
          stand here with what helps.
        </p>
      ) : (
        <Scroll label="Why people failed">
          <table>
            <thead>
              <tr>
                <th scope="col">Reason</th>
                <th scope="col" class="number">
                  People
                </th>
                <th scope="col" class="wide">
                  What helps
                </th>
                <td />
              </tr>
            </thead>
            <tbody>
              {causes.map((cause) => (
                <Reason view={view} reader={reader} cause={cause} isFirst={cause === first} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

type Cause = BatchView['overview']['causes'][number];

function Reason({ view, reader, cause, isFirst }: Props & { cause: Cause; isFirst: boolean }) {
  const { report } = view.overview;
  const { code, count, example } = cause;
  const { title, remedy } = remedyFor('failed', code);
  const href = `/batches/${report.batchId}/rows?state=failed&code=${encodeURIComponent(code)}`;
  return (
    <tr>
      <td>
        <a href={href}>{title}</a>
        <div class="muted">
          {may(reader.role, 'show-people') && example.reason !== '' ? (
            <>
              <Said text={example.reason} role={reader.role} /> ·{' '}
            </>
          ) : null}
          <Place file={example.file} line={example.line} role={reader.role} />
        </div>
        <svg class="meter" viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">
          <rect class="todo" width="100" height="5" />
          <rect class="share" width={Math.max(1, (count / report.failed) * 100)} height="5" />
        </svg>
      </td>
      <td class="number">{grouped(count)}</td>
      <td class="wide">{remedy}</td>
      <td class="end">
        <Helping view={view} reader={reader} cause={cause} isFirst={isFirst} />
      </td>
    </tr>
  );
}

/** The button for what helps, where it can be done now. */
function Helping({ view, reader, cause, isFirst }: Props & { cause: Cause; isFirst: boolean }) {
  const { report } = view.overview;
  const { code, count } = cause;
  const base = `/batches/${report.batchId}`;
  const isOver = report.state === 'finished' || report.state === 'cancelled';
  const mayRetry = (isOver || report.gate !== null) && report.peopleRemovedAt === null;
  if (!mayRetry || !may(reader.role, 'change')) return null;
  if (kindOf(code) === 'correct') {
    return (
      <a class="button" href={`${base}/failed.csv?code=${encodeURIComponent(code)}`}>
        {`Download ${grouped(count)}`}
      </a>
    );
  }
  return (
    <>
      {kindOf(code) === 'portal' ? <div class="muted">Fix it there, then</div> : null}
      <a
        class={isFirst ? 'button primary' : 'button'}
        href={`${base}/retry?code=${encodeURIComponent(code)}`}
      >
        {`Retry ${grouped(count)}…`}
      </a>
    </>
  );
}

function kindOf(code: string) {
  return remedyFor('failed', code).kind;
}
