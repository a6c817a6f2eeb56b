import { grouped } from '../../count.ts';
import { type BatchFilter, type BatchPage, batchFilters } from '../../overview/batch-pages.ts';
import { BatchTable } from './batch-table.tsx';
import { FirstStart } from './front-parts.tsx';

const words: Readonly<Record<BatchFilter, string>> = {
  moving: 'In progress',
  waiting: 'Waits for you',
  'held-back': 'Invite held back',
  finished: 'Finished',
  cancelled: 'Cancelled',
  intake: 'Being submitted',
};

interface BatchesProps {
  page: BatchPage;
  state: BatchFilter | undefined;
  prefix: string;
  now: number;
}

/** All batches, newest first, by state and beginning of the name. */
export function BatchesPage({ page, state, prefix, now }: BatchesProps) {
  const isFiltered = state !== undefined || prefix !== '';
  const query = (after: string) => {
    const given = Object.entries({ state: state ?? '', prefix, after });
    return `?${new URLSearchParams(given.filter(([, value]) => value !== ''))}`;
  };
  return (
    <>
      <h1>Batches</h1>
      <form method="get" class="filters">
        <div class="field">
          <label for="state">State</label>
          <select id="state" name="state">
            <option value="">All</option>
            {batchFilters.map((name) => (
              <option value={name} selected={name === state}>
                {words[name]}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="prefix">Name begins with</label>
          <input id="prefix" name="prefix" value={prefix} autocomplete="off" maxlength={64} />
        </div>
        <button type="submit">Show</button>
      </form>
      {page.total === 0 && !isFiltered ? <FirstStart /> : <List page={page} now={now} />}
      <nav class="pager" aria-label="Pages of the list">
        {page.previous === undefined ? null : <a href={query(page.previous)}>Newer</a>}
        {page.next === undefined ? null : <a href={query(page.next)}>Older</a>}
      </nav>
      {page.unsearched > 0 ? (
        <p class="muted">
          {`The newest 10,000 batches were searched; ${grouped(page.unsearched)} older ones were not.`}
        </p>
      ) : null}
    </>
  );
}

function List({ page, now }: Pick<BatchesProps, 'page' | 'now'>) {
  return (
    <section class="card" aria-label="Batches">
      {page.reports.length === 0 ? (
        <p class="muted">
          No batch is so. Choose another state, or see <a href="?">all</a>.
        </p>
      ) : (
        <BatchTable list={page} now={now} />
      )}
      {page.unreadable.map(({ batchId, error }) => (
        <p class="error">
          <bdi>{batchId}</bdi> cannot be read: {error.code}
        </p>
      ))}
    </section>
  );
}
