import type { RowFilter } from '../../overview/row-page.ts';
import { listedMarks, listedStates, reasonTitle, rowState } from './parts/row-words.ts';

/** Rows of a page that can be asked for. */
export const pageSizes = [50, 100, 200];

/** The form that says which rows are listed. */
export function RowFilters({ filter, size }: { filter: RowFilter; size: number }) {
  return (
    <form method="get" class="filters">
      <div class="field">
        <label for="state">State</label>
        <select id="state" name="state">
          <option value="">All</option>
          {listedStates.map((state) => (
            <option value={state} selected={state === filter.state}>
              {rowState(state)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="mark">Warning</label>
        <select id="mark" name="mark">
          <option value="">Any or none</option>
          {listedMarks.map(([mark, words]) => (
            <option value={mark} selected={mark === filter.mark}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {filter.code === undefined ? null : (
        <div class="field">
          <label for="code">Reason</label>
          <select id="code" name="code">
            <option value={filter.code} selected>
              {reasonTitle('failed', filter.code)}
            </option>
            <option value="">Any reason</option>
          </select>
        </div>
      )}
      <div class="field">
        <label for="size">Rows a page</label>
        <select id="size" name="size">
          {pageSizes.map((each) => (
            <option value={String(each)} selected={each === size}>
              {each}
            </option>
          ))}
        </select>
      </div>
      <button type="submit">Show</button>
    </form>
  );
}
