import type { BatchView } from '../../overview/batch-view.ts';
import { actorName } from '../../process/actor.ts';
import { may } from '../auth/roles.ts';
import type { Reader } from '../reader.ts';
import { batchState } from '../state-word.ts';
import { GateNotice } from './gate-notice.tsx';
import { Notice } from './parts/notice.tsx';
import { State } from './parts/state.tsx';
import { Time } from './parts/time.tsx';
import { people, peopleWho } from './parts/words.ts';

interface Props {
  view: BatchView;
  reader: Reader;
}

/** Name and state of a batch, where it is from, and what may be done with it. */
export function BatchHead({ view, reader }: Props) {
  const { report } = view.overview;
  const begun = view.activity.findLast(({ action }) => action === 'submit' || action === 'run');
  const by = begun && actorName(begun.by);
  return (
    <div class="head">
      <div>
        <p class="crumbs">
          <a href="/batches">Batches</a> /
        </p>
        <div class="title">
          <h1>
            <bdi>{report.batchId}</bdi>
          </h1>
          <State state={batchState(view)} />
        </div>
        <p class="muted">
          {people(report.accepted)} · submitted <Time at={report.startedAt} now={view.now} />
          {by === undefined ? null : (
            <>
              {' '}
              by <bdi>{by}</bdi>
            </>
          )}
          {report.round > 1 ? ` · round ${report.round}` : null}
          {' · for '}
          <bdi>{new URL(view.options.portal).host}</bdi>
        </p>
      </div>
      <HeadActions view={view} reader={reader} />
    </div>
  );
}

function HeadActions({ view, reader }: Props) {
  const { report } = view.overview;
  const base = `/batches/${report.batchId}`;
  const isOver = report.state === 'finished' || report.state === 'cancelled';
  const isHeld = view.standing.hold !== undefined;
  return (
    <div class="actions">
      {may(reader.role, 'change') && !isOver && !isHeld ? (
        <a class="button" href="/pause">
          Pause…
        </a>
      ) : null}
      {may(reader.role, 'change') && !isOver ? (
        <a class="button danger" href={`${base}/cancel`}>
          Cancel…
        </a>
      ) : null}
      {may(reader.role, 'purge') && isOver ? (
        <a class="button danger" href={`${base}/purge`}>
          Purge…
        </a>
      ) : null}
    </div>
  );
}

/** What needs a person before this batch goes on; the most serious first. */
export function BatchNotices({ view, reader }: Props) {
  const { report, gateDetail } = view.overview;
  const base = `/batches/${report.batchId}`;
  return (
    <>
      <GateNotice report={report} detail={gateDetail} reader={reader} />
      {view.isIncomplete ? (
        <Notice kind="wait" title="The submission stopped before the end of the list">
          {peopleWho(report.accepted, 'is', 'are')} recorded. Submit the same files again: it goes
          on from there, and nobody is created twice.
        </Notice>
      ) : null}
      {report.state === 'waiting' ? (
        <Notice
          kind="wait"
          title={`${people(view.held)} of this batch ${view.held === 1 ? 'is' : 'are'} held back`}
          actions={
            may(reader.role, 'change') ? (
              <a class="button primary" href={`${base}/continue`}>
                Continue…
              </a>
            ) : undefined
          }
        >
          The submission asked to begin with {view.options.limit ?? 'some'}. Look at how they went,
          then continue with the others.
        </Notice>
      ) : null}
      {report.peopleRemovedAt === null ? null : (
        <Notice kind="note" title="Names and e-mails were removed">
          They were removed at <Time at={report.peopleRemovedAt} now={view.now} />. The numbers
          stay, and nobody can be retried.
        </Notice>
      )}
    </>
  );
}
