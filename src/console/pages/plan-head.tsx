import { grouped } from '../../count.ts';
import type { StateWord } from '../state-word.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import { inFormWords } from './parts/field-labels.ts';
import { Notice } from './parts/notice.tsx';
import { State } from './parts/state.tsx';
import { Time } from './parts/time.tsx';
import { people, sentence } from './parts/words.ts';
import { hasFault, isApprovable } from './plan-cards.tsx';
import type { PlanView } from './plan-view.ts';

const words: Readonly<Record<PlanRecord['state'], StateWord>> = {
  planning: { word: 'Being planned', tone: 'work' },
  failed: { word: 'Cannot be planned', tone: 'bad' },
  ready: { word: 'Waits for approval', tone: 'wait' },
  submitting: { word: 'Being submitted', tone: 'work' },
  submitted: { word: 'Submitted', tone: 'done' },
};

function wordOf(record: PlanRecord): StateWord {
  const { state, failure } = record;
  if (state !== 'ready' || isApprovable(record)) return words[state];
  const hasMoved = failure?.code === 'E_PLAN_MOVED';
  return { word: hasMoved ? 'Has moved' : 'Cannot be approved', tone: 'bad' };
}

/** What is planned, from which files, by whom; and what may be done with it. */
export function PlanHead({ view: { record, progress, now } }: { view: PlanView }) {
  const { state, summary, files, by, at, expiresAt } = record;
  return (
    <div class="head">
      <div>
        <div class="title">
          <h1>
            {summary === undefined ? 'Plan of ' : `Plan: ${people(summary.accepted)} from `}
            <bdi>{files.join(', ')}</bdi>
          </h1>
          <State state={wordOf(record)} />
        </div>
        <p class="muted">
          uploaded <Time at={at} now={now} /> by <bdi>{by.name}</bdi>
          {state === 'submitted' ? null : (
            <>
              {' · valid until '}
              <Time at={expiresAt} now={now} />
            </>
          )}
          {progress === undefined
            ? null
            : ` · ${grouped(progress.rows)} of ${grouped(progress.all)} rows read`}
        </p>
      </div>
      <HeadActions record={record} />
    </div>
  );
}

function HeadActions({ record }: { record: PlanRecord }) {
  const { key, state } = record;
  if (state === 'submitting' || state === 'submitted') return null;
  const mayApprove = isApprovable(record);
  return (
    <div class="actions">
      <a class="button danger" href={`/plans/${key}/discard`}>
        Discard…
      </a>
      {mayApprove ? (
        <a class="button primary" href={`/plans/${key}/approve`}>
          Approve and run…
        </a>
      ) : null}
    </div>
  );
}

/** What keeps the plan from going on, with what to do. */
export function PlanNotices({ view: { record } }: { view: PlanView }) {
  const { key, state, summary, failure } = record;
  if (state === 'submitting' || state === 'submitted') {
    const batch = summary?.batch.id ?? '';
    return (
      <Notice
        kind="note"
        title={state === 'submitted' ? 'The batch runs' : 'The batch is being submitted'}
        actions={
          <a class="button primary" href={`/batches/${batch}`}>
            Open the batch
          </a>
        }
      >
        {state === 'submitted'
          ? 'The uploaded files were removed from this machine.'
          : 'The list is compared with the plan first, then recorded. This page says when it is done.'}
      </Notice>
    );
  }
  if (failure !== undefined) return <FailureNotice record={record} failure={failure} />;
  if (hasFault(record)) {
    return (
      <Notice
        kind="hold"
        title="This cannot be submitted yet"
        actions={<PlanAgain planKey={key} />}
      >
        A check found a fault: correct it as it says, then plan again.
      </Notice>
    );
  }
  if (summary?.accepted === 0) {
    return (
      <Notice kind="wait" title="Nobody in this list would get an account">
        Correct the rows below in the file, and upload it again.
      </Notice>
    );
  }
  return null;
}

/** The process of a killed console continues its submission. */
function BusyNotice({ batch }: { batch: string }) {
  return (
    <Notice
      kind="wait"
      title="A submission of this batch still runs"
      actions={
        <a class="button" href={`/batches/${batch}`}>
          Open the batch
        </a>
      }
    >
      Nothing more was submitted. Wait until it has ended, then approve again: that adds what is
      missing, and nobody twice.
    </Notice>
  );
}

function FailureNotice({
  record: { key, state, summary },
  failure: { code, message, headers },
}: {
  record: PlanRecord;
  failure: NonNullable<PlanRecord['failure']>;
}) {
  if (code === 'E_BATCH_BUSY') return <BusyNotice batch={summary?.batch.id ?? ''} />;
  const isMoved = code === 'E_PLAN_MOVED';
  const title =
    state === 'failed' ? 'This list cannot be planned as it is' : 'Nothing more was submitted';
  const map = (
    <a class="button primary" href={`/plans/${key}/map`}>
      Map the columns…
    </a>
  );
  return (
    <Notice
      kind={isMoved || state === 'failed' ? 'hold' : 'wait'}
      title={isMoved ? 'The plan has moved' : title}
      actions={headers === undefined ? <PlanAgain planKey={key} /> : map}
    >
      <bdi>{isMoved ? sentence(inFormWords(message)) : inFormWords(message)}</bdi>{' '}
      {code === 'interrupted' ? null : <span class="muted">({code})</span>}
    </Notice>
  );
}

function PlanAgain({ planKey }: { planKey: string }) {
  return (
    <a class="button primary" href={`/plans/${planKey}/map`}>
      Plan again…
    </a>
  );
}
