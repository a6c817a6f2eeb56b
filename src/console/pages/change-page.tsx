import type { Child } from 'hono/jsx';
import { grouped } from '../../count.ts';
import type { countFor } from '../../overview/confirmations.ts';
import type { Standing } from '../../overview/standing.ts';
import type { Viewer } from '../auth/viewer.ts';
import { Confirm } from './parts/confirm.tsx';
import { reasonTitle } from './parts/row-words.ts';
import { people, peopleWho } from './parts/words.ts';

export type ChangeName = 'retry' | 'continue' | 'invite' | 'cancel' | 'purge';

/** Whom a retry is about; all who failed or were cancelled without either. */
export interface Choice {
  reasons: string[] | undefined;
  rows: number[] | undefined;
}

interface ChangeProps {
  change: ChangeName;
  batch: string;
  choice: Choice;
  affected: Awaited<ReturnType<typeof countFor>>;
  viewer: Viewer;
  standing: Standing;
}

interface Words {
  title: string;
  button: string;
  isFinal?: boolean;
  text: Child;
}

/** Says what a change does, to whom and how many, before it happens. */
export function ChangePage(props: ChangeProps) {
  const { change, batch, choice, affected, viewer, standing } = props;
  const { title, button, isFinal = false, text } = wordsOf(props);
  const back = `/batches/${batch}`;
  if (affected.people === 0 && change !== 'purge') {
    return (
      <>
        <h1>{title}</h1>
        <section class="card">
          <p>Nobody is left whom this would reach. Nothing is to do.</p>
          <p>
            <a href={back}>
              Back to <bdi>{batch}</bdi>
            </a>
          </p>
        </section>
      </>
    );
  }
  const fields: [string, string | number][] = [
    ['round', affected.round],
    ['people', affected.people],
    ...(choice.reasons ?? []).map((code): [string, string] => ['code', code]),
    ...(choice.rows ?? []).map((row): [string, number] => ['row', row]),
  ];
  return (
    <Confirm {...{ title, button, isFinal, fields, viewer, back }} action={`${back}/${change}`}>
      {text}
      {standing.hold === undefined || change === 'purge' ? null : (
        <p class="muted">Work is held or paused now: this takes effect once somebody resumes.</p>
      )}
    </Confirm>
  );
}

function wordsOf(props: ChangeProps): Words {
  const { people: count } = props.affected;
  const who = people(count);
  switch (props.change) {
    case 'retry':
      return {
        title: `Retry ${who}?`,
        button: `Retry ${grouped(count)}`,
        text: <RetryText {...props} />,
      };
    case 'continue':
      return {
        title: `Continue with ${who}?`,
        button: `Continue with ${grouped(count)}`,
        text: <p>Accounts are created for {who} held back until now, and one invite follows.</p>,
      };
    case 'invite':
      return {
        title: `Invite ${who}?`,
        button: `Invite ${grouped(count)}`,
        text: (
          <p>
            The portal mails an invitation to {who}. A mail cannot be taken back. People who had an
            account before this batch are not among them.
          </p>
        ),
      };
    case 'cancel':
      return {
        title: 'Cancel this batch?',
        button: 'Cancel the batch',
        isFinal: true,
        text: <CancelText {...props} />,
      };
    case 'purge':
      return {
        title: 'Purge this batch?',
        button: 'Purge',
        isFinal: true,
        text: <PurgeText {...props} />,
      };
  }
}

function RetryText({ choice, affected }: ChangeProps) {
  const { reasons, rows } = choice;
  const which =
    rows !== undefined
      ? 'those whom you chose'
      : reasons === undefined
        ? 'all who failed or were cancelled'
        : `those who failed with: ${reasons.map((code) => reasonTitle('failed', code)).join(', ')}`;
  return (
    <p>
      {peopleWho(affected.people, 'is', 'are')} tried again as they are, as round{' '}
      {affected.round + 1}: {which}. Nobody who has an account is touched, and nobody is created
      twice. Those created are invited.
    </p>
  );
}

function CancelText({ affected }: ChangeProps) {
  return (
    <>
      <p>
        {people(affected.people)} will have no account. Accounts that exist stay. This cannot be
        undone, but people who were cancelled can be retried later.
      </p>
      <fieldset class="field">
        <legend>Those who were created</legend>
        <label>
          <input type="radio" name="invite" value="yes" checked /> are invited now
        </label>
        <label>
          <input type="radio" name="invite" value="no" /> are not invited
        </label>
      </fieldset>
    </>
  );
}

function PurgeText({ batch, affected }: ChangeProps) {
  return (
    <>
      <p>
        The records of {people(affected.people)} are removed permanently. Accounts on the portal
        stay. What was done to the batch stays in the activity.
      </p>
      <fieldset class="field">
        <legend>What is removed</legend>
        <label>
          <input type="radio" name="what" value="people" checked /> names and e-mails; the numbers
          stay
        </label>
        <label>
          <input type="radio" name="what" value="batch" /> the whole batch
        </label>
      </fieldset>
      <div class="field">
        <label for="name">
          Type <bdi>{batch}</bdi> to confirm
        </label>
        <input id="name" name="name" required autocomplete="off" />
      </div>
    </>
  );
}
