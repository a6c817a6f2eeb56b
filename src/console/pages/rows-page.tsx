import type { RowFilter } from '../../overview/row-page.ts';
import { may } from '../auth/roles.ts';
import { Crumbs } from './parts/crumbs.tsx';
import { Pager } from './parts/pager.tsx';
import { RowFilters } from './row-filters.tsx';
import { ChosenRows, type RowsProps } from './row-table.tsx';

/** The people of a batch: by state, reason or warning, one page at a time. */
export function RowsPage(props: RowsProps) {
  const { batch, filter, page, size } = props;
  const address = (from: number) => `?${queryOf(filter, { from, size })}`;
  const { previous, next } = page;
  const pager = (
    <Pager
      first={page.first}
      shown={page.rows.length}
      total={page.total}
      previous={previous === undefined ? undefined : address(previous)}
      next={next === undefined ? undefined : address(next)}
    />
  );
  return (
    <>
      <div class="head">
        <div>
          <Crumbs batch={batch} />
          <h1>People</h1>
        </div>
        <ShowPeople {...props} />
      </div>
      <RowFilters filter={filter} size={size} />
      <section class="card" aria-label="People">
        {page.rows.length === 0 ? (
          <p class="muted">
            Nobody in this batch is so. Choose another state, or see <a href="?">everybody</a>.
          </p>
        ) : (
          <ChosenRows {...props} />
        )}
        {pager}
      </section>
    </>
  );
}

/** The query of an address that shows these rows. */
function queryOf(filter: RowFilter, at: { from: number; size: number }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined) query.set(name, value);
  if (at.from > 0) query.set('from', String(at.from));
  if (at.size !== 50) query.set('size', String(at.size));
  return query.toString();
}

/** Sends the same page with people in it. The address stays without them. */
function ShowPeople({ batch, filter, size, from, viewer, isShown }: RowsProps) {
  if (isShown || !may(viewer.role, 'show-people')) return null;
  return (
    <form method="post" action={`/batches/${batch}/rows?${queryOf(filter, { from, size })}`}>
      <input type="hidden" name="token" value={viewer.token} />
      <button type="submit">Show people</button>
      <p class="muted">This is recorded in the activity.</p>
    </form>
  );
}
