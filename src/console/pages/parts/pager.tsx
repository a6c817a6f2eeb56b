import { grouped } from '../../../count.ts';

interface PagerProps {
  /** Place of the first row of the page, from 1; 0 for none. */
  first: number;
  shown: number;
  total: number;
  previous: string | undefined;
  next: string | undefined;
}

/** Where a page is among all of its rows, and the way to the others. */
export function Pager({ first, shown, total, previous, next }: PagerProps) {
  const last = first + shown - 1;
  return (
    <nav class="pager" aria-label="Pages of the list">
      <span>
        {shown === 0 ? 'None' : `${grouped(first)} to ${grouped(last)} of ${grouped(total)}`}
      </span>
      {previous === undefined ? null : (
        <a href={previous} rel="prev">
          Previous
        </a>
      )}
      {next === undefined ? null : (
        <a href={next} rel="next">
          Next
        </a>
      )}
    </nav>
  );
}
