import type { findPerson } from '../../actions/find-person.ts';
import { grouped } from '../../count.ts';
import { withoutAddresses } from '../../privacy/redact.ts';
import { may } from '../auth/roles.ts';
import type { Viewer } from '../auth/viewer.ts';
import { Place } from './parts/place.tsx';
import { reasonTitle, rowState } from './parts/row-words.ts';
import { Scroll } from './parts/scroll.tsx';
import { Time } from './parts/time.tsx';

export type FoundRow =
  Awaited<ReturnType<typeof findPerson>> extends AsyncGenerator<infer Row> ? Row : never;

interface FindProps {
  viewer: Viewer;
  /** Rows of the person; undefined before somebody asks. */
  rows?: readonly FoundRow[] | undefined;
  /** Batches that cannot be read. */
  damaged?: readonly string[];
  now: number;
}

/** Finds every row of one person by the whole address, which is sent in no address of a page. */
export function PeoplePage({ viewer, rows, damaged = [], now }: FindProps) {
  return (
    <>
      <h1>Find a person</h1>
      <section class="card">
        <form method="post" action="/people" class="form">
          <input type="hidden" name="token" value={viewer.token} />
          <div class="field">
            <label for="email">E-mail address</label>
            <input
              id="email"
              name="email"
              type="email"
              required
              autocomplete="off"
              maxlength={320}
              aria-describedby="email-help"
            />
            <span id="email-help" class="muted">
              The whole address. The search is recorded without it.
            </span>
          </div>
          <button type="submit" class="primary">
            Find
          </button>
        </form>
      </section>
      {rows === undefined ? null : <Found rows={rows} viewer={viewer} now={now} />}
      {damaged.map((batch) => (
        <p class="error">
          <bdi>{batch}</bdi> cannot be read, and was not searched.
        </p>
      ))}
    </>
  );
}

function Found({ rows, viewer, now }: { rows: readonly FoundRow[]; viewer: Viewer; now: number }) {
  if (rows.length === 0) {
    return (
      <section class="card" role="status">
        <h2>Nobody found</h2>
        <p>
          This address is in no batch that is kept. Check its spelling; batches are removed some
          time after they end.
        </p>
      </section>
    );
  }
  return (
    <section class="card" role="status">
      <h2>{rows.length === 1 ? 'In one batch' : `In ${grouped(rows.length)} rows`}</h2>
      <Scroll label="Rows of this person">
        <table>
          <thead>
            <tr>
              <th scope="col">Batch</th>
              <th scope="col">Line</th>
              <th scope="col">State</th>
              <th scope="col">Reason</th>
              <th scope="col">Settled</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                <th scope="row">
                  <a href={`/batches/${row.batchId}`}>
                    <bdi>{row.batchId}</bdi>
                  </a>
                </th>
                <td>
                  <a href={`/batches/${row.batchId}/rows/${row.row}`}>
                    <Place file={row.file} line={row.line} role={viewer.role} />
                  </a>
                </td>
                <td>
                  {rowState(row.state)}
                  {row.invited ? ', invited' : ''}
                </td>
                <td>
                  {reasonTitle(row.state, row.code)}
                  {may(viewer.role, 'show-people') && row.reason !== '' ? (
                    <div class="muted">
                      <bdi>{withoutAddresses(row.reason)}</bdi>
                    </div>
                  ) : null}
                </td>
                <td>{row.settledAt === null ? '' : <Time at={row.settledAt} now={now} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
