import { counted, grouped } from '../../count.ts';
import type { BatchView } from '../../overview/batch-view.ts';
import { withoutAddresses } from '../../privacy/redact.ts';
import { actorName } from '../../process/actor.ts';
import { may } from '../auth/roles.ts';
import type { Reader } from '../reader.ts';
import { deedText } from './parts/deed.ts';
import { Time } from './parts/time.tsx';
import { people, peopleWho } from './parts/words.ts';

const groupWords = {
  existing: 'those that the portal has',
  create: 'made where the portal has none',
  require: 'must be on the portal',
  ignore: 'not read',
} as const;

interface Props {
  view: BatchView;
  reader: Reader;
}

/** Fate of the invite: what happens, or happened, to the invite. */
export function InviteCard({ view, reader }: Props) {
  const { report } = view.overview;
  const left = Math.max(0, report.created - report.invited - report.notInvitable);
  const isOver = report.state === 'finished' || report.state === 'cancelled';
  return (
    <section class="card">
      <h2>Invite</h2>
      <p>
        {report.inviteRequests > 0
          ? `${peopleWho(report.invited, 'was', 'were')} invited in ${counted(report.inviteRequests, 'request', 'requests')}.`
          : isOver
            ? 'Nobody was invited: this batch created no account that is to be invited.'
            : 'One invite for everybody this batch creates, when the last person is settled.'}
      </p>
      {report.unansweredInvites > 0 ? (
        <p class="muted">
          {counted(report.unansweredInvites, 'request', 'requests')} had no answer, and the same
          people were sent again.
        </p>
      ) : null}
      {report.notInvitable > 0 ? (
        <p class="muted">
          {people(report.notInvitable)} will not be in it: the portal’s invite refuses their
          address. They have had their activation mail.
        </p>
      ) : null}
      {isOver && left > 0 ? (
        <p>
          {peopleWho(left, 'has', 'have')} an account and no invite.{' '}
          {may(reader.role, 'change') ? (
            <a href={`/batches/${report.batchId}/invite`}>Invite them…</a>
          ) : null}
        </p>
      ) : null}
    </section>
  );
}

/** The last things that people did to the batch. */
export function BatchActivity({ view }: { view: BatchView }) {
  const { activity, now, overview } = view;
  return (
    <section class="card">
      <h2>Activity</h2>
      {activity.length === 0 ? (
        <p class="muted">
          Nothing is recorded. Retries, invites and cancellations would appear here.
        </p>
      ) : (
        <ul class="list">
          {activity.map((entry) => (
            <li>
              <div>
                <strong>
                  <bdi>{actorName(entry.by)}</bdi>
                </strong>{' '}
                {deedText(entry)}
              </div>
              <span class="muted">
                <Time at={entry.at} now={now} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={`/batches/${overview.report.batchId}/activity`}>All activity</a>
      </p>
    </section>
  );
}

/** What the submission asked for, where it is not what every batch has, and remarks about the list. */
export function BatchOptions({ view, reader }: Props) {
  const { options, overview, now } = view;
  // Remarks repeat names of files, sheets and headers.
  const remarks = may(reader.role, 'show-people') ? overview.remarks : [];
  const types = Object.entries(overview.report.types);
  const asked: [string, string | number][] = [];
  if (types.some(([type]) => type !== 'User')) {
    asked.push(['Types', types.map(([type, count]) => `${grouped(count)} ${type}`).join(', ')]);
  }
  if (options.culture !== undefined) asked.push(['Language', options.culture]);
  if (options.groups !== undefined) asked.push(['Groups', groupWords[options.groups]]);
  if (options.limit !== undefined) asked.push(['First round', people(options.limit)]);
  if (options.inviteSize !== undefined) asked.push(['People an invite', options.inviteSize]);
  if (options.maxFailedPercent !== undefined) {
    asked.push(['Held above', `${options.maxFailedPercent} % failed`]);
  }
  if (options.minCreatedPercent !== undefined) {
    asked.push(['Invite from', `${options.minCreatedPercent} % with an account`]);
  }
  if (asked.length + remarks.length === 0 && options.inviteAt === undefined) return null;
  return (
    <section class="card">
      <h2>Asked for</h2>
      <dl class="facts">
        {asked.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
        {options.inviteAt === undefined ? null : (
          <>
            <dt>Invite at</dt>
            <dd>
              <Time at={options.inviteAt} now={now} />
            </dd>
          </>
        )}
      </dl>
      {remarks.map(({ text }) => (
        <p class="muted">
          <bdi>{withoutAddresses(text)}</bdi>
        </p>
      ))}
    </section>
  );
}

/** Files with people, for roles that may have them. */
export function Downloads({ view, reader }: Props) {
  const { batchId, failed, rejected, peopleRemovedAt } = view.overview.report;
  const base = `/batches/${batchId}`;
  const record = <a href={`${base}/print`}>Record to print</a>;
  if (!may(reader.role, 'download') || peopleRemovedAt !== null) {
    return (
      <section class="card">
        <h2>Downloads</h2>
        <p>{record}</p>
      </section>
    );
  }
  return (
    <section class="card">
      <h2>Downloads</h2>
      <p>
        {record}
        {' · '}
        <a href={`${base}/report.csv`}>Report (CSV)</a>
        {failed > 0 ? (
          <>
            {' · '}
            <a href={`${base}/failed.csv`}>Failed people, to correct</a>
          </>
        ) : null}
        {rejected > 0 ? (
          <>
            {' · '}
            <a href={`${base}/rejected.csv`}>Rejected rows</a>
          </>
        ) : null}
      </p>
    </section>
  );
}
