import { grouped } from '../../../count.ts';
import type { Course } from '../../../overview/course.ts';
import { Scroll } from './scroll.tsx';
import { Time } from './time.tsx';

/** Lines of the table, at most. */
const MOST_LINES = 20;

/** Why nothing moved, in words. */
export function stopWord(kind: string): string {
  return kind === 'away' ? 'portal away' : kind;
}

/** The same as a table: some of the points, and every stop. */
export function CourseTable({ course, now }: { course: Course; now: number }) {
  const step = Math.max(1, Math.ceil(course.samples.length / MOST_LINES));
  const some = course.samples.filter(
    (_, at) => at % step === 0 || at === course.samples.length - 1,
  );
  return (
    <details>
      <summary>As a table</summary>
      <Scroll label="Course as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col" class="number">
                Created
              </th>
              <th scope="col" class="number">
                Already there
              </th>
              <th scope="col" class="number">
                Failed
              </th>
            </tr>
          </thead>
          <tbody>
            {some.map((one) => (
              <tr>
                <td>
                  <Time at={one.at} now={now} />
                </td>
                <td class="number">{grouped(one.created)}</td>
                <td class="number">{grouped(one.existing)}</td>
                <td class="number">{grouped(one.failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {course.bands.map(({ kind, code, from, until, isOpen }) => (
        <p class="muted">
          {stopWord(kind)} ({code}) from <Time at={from} now={now} />
          {isOpen ? ' until now' : null}
          {isOpen ? null : (
            <>
              {' '}
              to <Time at={until} now={now} />
            </>
          )}
        </p>
      ))}
    </details>
  );
}
