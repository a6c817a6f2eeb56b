import { counted } from '../../count.ts';
import type { PlanRecord, PlanSummary } from '../uploads/plan-record.ts';
import { columnWord } from './parts/column-words.ts';
import { Scroll } from './parts/scroll.tsx';

type Column = PlanSummary['columns'][number];

/** How each column of the files is read. */
export function ColumnsCard({ record: { key, state, files, summary } }: { record: PlanRecord }) {
  if (summary === undefined) return null;
  return (
    <section class="card">
      <h2>Columns</h2>
      <Scroll label="Columns">
        <table>
          <thead>
            <tr>
              <th scope="col">In the file</th>
              <th scope="col">Read as</th>
              <th scope="col">Example</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {summary.columns.map((column) => (
              <tr>
                <td>
                  <bdi>{column.header}</bdi>
                  {files.length > 1 ? (
                    <div class="muted">
                      <bdi>{column.file}</bdi>
                    </div>
                  ) : null}
                </td>
                <td>{isRead(column) ? columnWord(column.column ?? '') : '—'}</td>
                <td>
                  <bdi>{column.example ?? ''}</bdi>
                </td>
                <td>
                  <Note column={column} groups={summary.groups} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {summary.columnsLeftOut === undefined ? null : (
        <p class="muted">{counted(summary.columnsLeftOut, 'more column', 'more columns')}</p>
      )}
      {state === 'ready' ? (
        <p>
          <a href={`/plans/${key}/map`}>Read columns otherwise</a>
        </p>
      ) : null}
    </section>
  );
}

function isRead({ column, notUnderstood }: Column): boolean {
  return column !== null && notUnderstood === undefined;
}

const wanted: Readonly<Record<string, string>> = {
  type: 'an account type',
  culture: 'a language',
};

function Note({ column, groups }: { column: Column; groups: PlanSummary['groups'] }) {
  if (column.column === null) return <span class="muted">not used</span>;
  if (column.notUnderstood !== undefined) {
    const what = wanted[column.column] ?? columnWord(column.column);
    return <span class="warn">{`ignored: no value is ${what}`}</span>;
  }
  if (column.column !== 'department' || groups === undefined || groups === 'later') {
    return <span class="good">read</span>;
  }
  const all = groups.existing.length + groups.toMake.length;
  const fresh = groups.toMake.length === 0 ? '' : `, ${groups.toMake.length} new`;
  return <span class="good">{`${counted(all, 'group', 'groups')}${fresh}`}</span>;
}
