import { grouped } from '../../count.ts';
import type { FrontView } from '../../overview/batch-view.ts';
import { peopleAhead, type Report, stateWord } from '../state-word.ts';
import { Scroll } from './parts/scroll.tsx';
import { Time } from './parts/time.tsx';

interface Listed extends Pick<FrontView, 'waits'> {
  reports: readonly Report[];
  /** Those whose submission stopped before the end. */
  incomplete: readonly string[];
  /** Batches that may come before those of the list; the list itself, where it is absent. */
  others?: readonly Report[];
}

/** Batches with their numbers, one a row. */
export function BatchTable({ list, now }: { list: Listed; now: number }) {
  return (
    <Scroll label="Batches">
      <table>
        <thead>
          <tr>
            <th scope="col">Batch</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              People
            </th>
            <th scope="col" class="number wide">
              Created
            </th>
            <th scope="col" class="number wide">
              Already there
            </th>
            <th scope="col" class="number">
              Failed
            </th>
            <th scope="col" class="number wide">
              Invited
            </th>
            <th scope="col" class="wide">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {list.reports.map((report) => (
            <BatchLine report={report} list={list} now={now} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface LineProps {
  report: Report;
  list: Listed;
  now: number;
}

function BatchLine({ report, list, now }: LineProps) {
  const href = `/batches/${report.batchId}`;
  const isIncomplete = list.incomplete.includes(report.batchId);
  const ahead = peopleAhead(report, list.others ?? list.reports);
  return (
    <tr>
      <th scope="row">
        <a href={href}>
          <bdi>{report.batchId}</bdi>
        </a>
      </th>
      <td>{stateWord(report, { isIncomplete, ahead, waits: list.waits }).word}</td>
      <td class="number">{grouped(report.accepted)}</td>
      <td class="number wide">{grouped(report.created)}</td>
      <td class="number wide">{grouped(report.existing)}</td>
      <td class="number">
        {report.failed > 0 ? (
          <a href={`${href}/rows?state=failed`}>{grouped(report.failed)}</a>
        ) : (
          '0'
        )}
      </td>
      <td class="number wide">{grouped(report.invited)}</td>
      <td class="wide">
        <Time at={report.startedAt} now={now} />
      </td>
    </tr>
  );
}
