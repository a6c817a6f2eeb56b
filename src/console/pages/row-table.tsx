import { grouped } from '../../count.ts';
import type { PageRow, RowFilter, RowPage } from '../../overview/row-page.ts';
import { withoutAddresses } from '../../privacy/redact.ts';
import { may } from '../auth/roles.ts';
import type { Viewer } from '../auth/viewer.ts';
import { Person } from './parts/person.tsx';
import { Place } from './parts/place.tsx';
import { reasonTitle, rowState } from './parts/row-words.ts';
import { Scroll } from './parts/scroll.tsx';

export interface RowsProps {
  batch: string;
  filter: RowFilter;
  size: number;
  page: RowPage;
  viewer: Viewer;
  /** Whether people are shown, which is in the log. */
  isShown: boolean;
  from: number;
}

/** The rows, to choose those that are retried. */
export function ChosenRows(props: RowsProps) {
  const { batch, filter, page, viewer } = props;
  const mayChoose = may(viewer.role, 'change') && page.rows.some(isRetryable);
  const table = <RowTable {...props} mayChoose={mayChoose} />;
  if (!mayChoose) return table;
  const isAll = filter.state === 'failed' && filter.mark === undefined;
  const all = `/batches/${batch}/retry${filter.code ? `?code=${encodeURIComponent(filter.code)}` : ''}`;
  return (
    <form method="get" action={`/batches/${batch}/retry`}>
      <p class="actions">
        <button type="submit">Retry the chosen…</button>
        {isAll ? (
          <a class="button" href={all}>
            {`Retry all ${grouped(page.total)}…`}
          </a>
        ) : null}
      </p>
      {table}
    </form>
  );
}

function isRetryable({ state }: PageRow): boolean {
  return state === 'failed' || state === 'cancelled';
}

function RowTable(props: RowsProps & { mayChoose: boolean }) {
  const { mayChoose } = props;
  return (
    <Scroll label="People">
      <table>
        <thead>
          <tr>
            {mayChoose ? (
              <td>
                <span class="unseen">Choose</span>
              </td>
            ) : null}
            <th scope="col">Line</th>
            <th scope="col">Person</th>
            <th scope="col">State</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {props.page.rows.map((row) => (
            <RowLine {...props} row={row} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface LineProps extends RowsProps {
  mayChoose: boolean;
  row: PageRow;
}

function RowLine({ batch, viewer, isShown, mayChoose, row }: LineProps) {
  return (
    <tr>
      {mayChoose ? (
        <td>
          {isRetryable(row) ? (
            <input
              type="checkbox"
              name="row"
              value={String(row.row)}
              aria-label={`Line ${row.line}`}
            />
          ) : null}
        </td>
      ) : null}
      <td>
        <a href={`/batches/${batch}/rows/${row.row}`}>
          <Place file={row.file} line={row.line} role={viewer.role} />
        </a>
      </td>
      <td>
        <Person email={row.email} name={row.name} isShown={isShown} />
      </td>
      <td>
        {rowState(row.state)}
        {row.invited ? ', invited' : ''}
      </td>
      <td>
        {reasonTitle(row.state, row.code)}
        {may(viewer.role, 'show-people') && row.reason !== '' ? (
          <div class="muted">
            <bdi>{isShown ? row.reason : withoutAddresses(row.reason)}</bdi>
          </div>
        ) : null}
      </td>
    </tr>
  );
}
