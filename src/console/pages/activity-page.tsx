import type { readActivity } from '../../overview/activity.ts';
import { actorName } from '../../process/actor.ts';
import { Crumbs } from './parts/crumbs.tsx';
import { deedText, deedWords } from './parts/deed.ts';
import { Scroll } from './parts/scroll.tsx';
import { Time } from './parts/time.tsx';

type Activity = Awaited<ReturnType<typeof readActivity>>;

interface ActivityProps {
  activity: Activity;
  /** The batch that the page is about; undefined for all. */
  batch: string | undefined;
  name: string;
  /** The deed that is listed; undefined for all. */
  action: string | undefined;
  /** Address of the next page. */
  older: string | undefined;
  now: number;
}

/** Who did what, newest first. */
export function ActivityPage({ activity, batch, name, action, older, now }: ActivityProps) {
  const { entries } = activity;
  return (
    <>
      <div>
        {batch === undefined ? null : <Crumbs batch={batch} />}
        <h1>Activity</h1>
      </div>
      <form method="get" class="filters">
        <div class="field">
          <label for="name">Who</label>
          <input id="name" name="name" value={name} autocomplete="off" maxlength={100} />
        </div>
        <div class="field">
          <label for="action">What</label>
          <select id="action" name="action">
            <option value="">Everything</option>
            {deedWords.map(([value, words]) => (
              <option value={value} selected={value === action}>
                {words}
              </option>
            ))}
          </select>
        </div>
        <button type="submit">Show</button>
      </form>
      <section class="card" aria-label="Activity">
        {entries.length === 0 ? (
          <p class="muted">
            {older === undefined
              ? 'Nothing is recorded here. Submissions, retries, invites and cancellations would appear here.'
              : 'None of the entries searched so far. Older ones are on the next page.'}
          </p>
        ) : (
          <Entries entries={entries} hasBatch={batch === undefined} now={now} />
        )}
      </section>
      <nav class="pager" aria-label="Pages of the list">
        {older === undefined ? null : (
          <a href={older} rel="next">
            Older
          </a>
        )}
      </nav>
    </>
  );
}

interface EntriesProps {
  entries: Activity['entries'];
  hasBatch: boolean;
  now: number;
}

function Entries({ entries, hasBatch, now }: EntriesProps) {
  return (
    <Scroll label="Activity">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            {hasBatch ? <th scope="col">Batch</th> : null}
            <th scope="col" class="wide">
              From
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr>
              <td>
                <Time at={entry.at} now={now} />
              </td>
              <td>
                <bdi>{actorName(entry.by)}</bdi>
                {entry.by.role === undefined ? null : <span class="muted"> {entry.by.role}</span>}
              </td>
              <td>{deedText(entry)}</td>
              {hasBatch ? (
                <td>
                  {entry.batch === null ? null : (
                    <a href={`/batches/${entry.batch}`}>
                      <bdi>{entry.batch}</bdi>
                    </a>
                  )}
                </td>
              ) : null}
              <td class="wide">
                {entry.by.via ?? 'command line'} on <bdi>{entry.by.host}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
