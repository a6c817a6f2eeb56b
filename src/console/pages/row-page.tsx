import type { RowStory } from '../../overview/row-story.ts';
import { accountTypes } from '../../people/account-types.ts';
import { withoutAddresses } from '../../privacy/redact.ts';
import { may, type Role } from '../auth/roles.ts';
import type { Viewer } from '../auth/viewer.ts';
import { Crumbs } from './parts/crumbs.tsx';
import { Person } from './parts/person.tsx';
import { Place } from './parts/place.tsx';
import { listedMarks, reasonTitle, rowState } from './parts/row-words.ts';
import { Time } from './parts/time.tsx';

interface RowProps {
  story: RowStory;
  viewer: Viewer;
  isShown: boolean;
  now: number;
}

/** One person: what the file says, and everything that happened, in order. */
export function RowPageBody({ story, viewer, isShown, now }: RowProps) {
  const base = `/batches/${story.batchId}`;
  return (
    <>
      <div class="head">
        <div>
          <Crumbs batch={story.batchId} isRow />
          <h1>
            <Place file={story.file} line={story.line} role={viewer.role} />
          </h1>
        </div>
        {isShown || !may(viewer.role, 'show-people') || story.email === '' ? null : (
          <form method="post" action={`${base}/rows/${story.row}`}>
            <input type="hidden" name="token" value={viewer.token} />
            <button type="submit">Show person</button>
            <p class="muted">This is recorded in the activity.</p>
          </form>
        )}
      </div>
      <div class="columns">
        <Timeline story={story} viewer={viewer} now={now} />
        <TheFile story={story} viewer={viewer} isShown={isShown} />
      </div>
    </>
  );
}

function TheFile({ story, viewer, isShown }: Omit<RowProps, 'now'>) {
  const isKept = story.email !== '';
  const marks = listedMarks.filter(([mark]) => hasMark(story, mark));
  return (
    <section class="card">
      <h2>In the file</h2>
      <p>
        <Person email={story.email} name={story.name} isShown={isShown} />
      </p>
      {isKept ? (
        <dl class="facts">
          {factsOf(story, { isShown, role: viewer.role }).map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </>
          ))}
        </dl>
      ) : null}
      {marks.map(([, words]) => (
        <p class="muted">{words}</p>
      ))}
      {may(viewer.role, 'show-people')
        ? story.faults.map(({ field, reason }) => (
            <p>
              {field}: <bdi>{isShown ? reason : withoutAddresses(reason)}</bdi>
            </p>
          ))
        : null}
    </section>
  );
}

/**
 * Cells of the row that the reader may see. Those of a rejected row can be of another column, a name
 * under the type, so they wait until people are asked for.
 */
function factsOf(
  story: RowStory,
  { isShown, role }: { isShown: boolean; role: Role },
): (readonly [name: string, value: string])[] {
  const isOperator = may(role, 'show-people');
  const isSafe = isShown || (isOperator && story.state !== 'rejected');
  const isType = accountTypes.some((type) => type === story.type);
  const facts = [
    ['Type', story.type, isType || isSafe],
    ['Groups', story.groups, isSafe],
    ['Language', story.culture, isSafe],
    ['Comment', story.comment, isShown],
    ['Account', story.portalId, isOperator],
    ['Role now', story.role ?? '', true],
  ] as const;
  return facts.flatMap(([name, value, isFree]) => (isFree && value !== '' ? [[name, value]] : []));
}

function hasMark({ marks }: RowStory, name: string): boolean {
  const own: Readonly<Record<string, readonly string[]>> = {
    'role-differs': ['other-role', 'other-role-before'],
    'groups-missing': ['groupless'],
    'not-invitable': ['not-invitable', 'invite-refused'],
    unmailed: ['unmailed', 'half-made', 'to-mail'],
  };
  return marks.some((mark) => own[name]?.includes(mark));
}

type Happening = RowStory['timeline'][number];

function Timeline({ story, viewer, now }: Omit<RowProps, 'isShown'>) {
  return (
    <section class="card">
      <h2>What happened</h2>
      <ol class="timeline">
        {story.timeline.map((happening) => (
          <li>
            {wordsOf(happening)}
            {happening.at === null ? null : (
              <span class="muted">
                {' '}
                <Time at={happening.at} now={now} />
              </span>
            )}
            {happening.reason && may(viewer.role, 'show-people') ? (
              <div class="muted">
                <bdi>{withoutAddresses(happening.reason)}</bdi>
              </div>
            ) : null}
          </li>
        ))}
        {story.state === 'pending' ? (
          <li class="muted">
            {story.attempt === undefined
              ? 'Waits for its turn.'
              : `Tried ${story.attempt.number} times so far; it is tried again.`}
          </li>
        ) : null}
      </ol>
    </section>
  );
}

function wordsOf({ kind, round, state, code = '', attempts = 0 }: Happening): string {
  const of = round > 1 ? ` in round ${round}` : '';
  const tries = attempts > 1 ? `, after ${attempts} attempts` : '';
  const why = code === '' ? '' : `: ${reasonTitle(state ?? 'failed', code)}`;
  switch (kind) {
    case 'recorded':
      return state === undefined ? 'Recorded' : `${rowState(state)} at intake${why}`;
    case 'asked-again':
      return `Tried again${of}`;
    case 'looking-up':
      return `Looked up on the portal, because an answer is missing${why}`;
    case 'earlier-round':
    case 'settled':
      return `${rowState(state ?? '')}${of}${tries}${why}`;
    case 'invited':
      return 'Invited';
  }
}
