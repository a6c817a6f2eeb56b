import { grouped } from '../../../count.ts';
import type { Report } from '../../state-word.ts';
import { settledShare } from './words.ts';

/** How far a batch is, as one element with parts; the words beside it say the same. */
export function Bar({ report }: { report: Report }) {
  const { accepted, created, existing, failed, cancelled } = report;
  const settled = accepted - report.pending;
  const parts = [
    ['created', created],
    ['existing', existing],
    ['failed', failed],
    ['cancelled', cancelled],
  ] as const;
  const label = `${settledShare(report)}: ${grouped(settled)} of ${grouped(accepted)} settled`;
  let x = 0;
  return (
    <svg class="bar" role="img" aria-label={label} viewBox="0 0 1000 10" preserveAspectRatio="none">
      <rect class="todo" width="1000" height="10" />
      {parts.map(([name, count]) => {
        const width = accepted === 0 ? 0 : (count / accepted) * 1000;
        const at = x;
        x += width;
        // A single person of a million still shows.
        const shown = count === 0 ? 0 : Math.max(width, 4);
        return count === 0 ? null : (
          <rect class={name} x={at.toFixed(2)} width={shown.toFixed(2)} height="10" />
        );
      })}
    </svg>
  );
}
