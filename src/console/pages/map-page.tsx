import type { Viewer } from '../auth/viewer.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import { columnWord, meanings } from './parts/column-words.ts';
import { inFormWords } from './parts/field-labels.ts';
import { Scroll } from './parts/scroll.tsx';
import { Steps } from './parts/steps.tsx';
import { ReadingFields } from './submit-fields.tsx';

interface MapProps {
  record: PlanRecord;
  viewer: Viewer;
}

/** Says for each header what it means, and how the files are read, to plan again. */
export function MapPage({ record, viewer }: MapProps) {
  const { key, failure, options } = record;
  const headers = headersOf(record);
  return (
    <>
      <Steps current="Plan" />
      <h1>What the columns mean</h1>
      {failure === undefined ? null : (
        <section class="banner wait">
          <div>
            <h2>What was found</h2>
            <p>
              <bdi>{inFormWords(failure.message)}</bdi>
            </p>
          </div>
        </section>
      )}
      <form method="post" action={`/plans/${key}/map`} class="column">
        <input type="hidden" name="token" value={viewer.token} />
        {headers.length === 0 ? null : (
          <section class="card">
            <h2>Columns</h2>
            <Scroll label="Columns">
              <table>
                <thead>
                  <tr>
                    <th scope="col">In the file</th>
                    <th scope="col">Means</th>
                  </tr>
                </thead>
                <tbody>
                  {headers.map((header, index) => (
                    <HeaderRow {...{ header, index, record }} />
                  ))}
                </tbody>
              </table>
            </Scroll>
          </section>
        )}
        <section class="card">
          <h2>How the files are read</h2>
          <div class="fields">
            <ReadingFields options={options} />
          </div>
        </section>
        <p class="actions">
          <button type="submit" class="primary">
            Plan again
          </button>
          <a class="button" href={`/plans/${key}`}>
            Back
          </a>
        </p>
      </form>
    </>
  );
}

/** The headers of the files: of a list that was not understood, or of one that was. */
function headersOf({ failure, summary, options }: PlanRecord): string[] {
  const found = failure?.headers ?? summary?.columns.map(({ header }) => header) ?? [];
  const mapped = (options.map ?? []).map((map) => map.slice(0, map.lastIndexOf('=')));
  return [...new Set([...found, ...mapped, ...(options.ignore ?? [])])];
}

interface RowProps {
  header: string;
  index: number;
  record: PlanRecord;
}

function HeaderRow({ header, index, record: { options, summary } }: RowProps) {
  const chosen = chosenFor(header, options);
  const known = summary?.columns.find((column) => column.header === header)?.column;
  const asNamed = known == null ? 'as its name says' : `as its name says: ${columnWord(known)}`;
  return (
    <tr>
      <td>
        <bdi id={`header-${index}`}>{header}</bdi>
        <input type="hidden" name="header" value={header} />
      </td>
      <td>
        <select name="means" aria-labelledby={`header-${index}`}>
          <option value="">{chosen === undefined ? asNamed : 'as its name says'}</option>
          {meanings.map(([value, text]) => (
            <option value={value} selected={value === chosen}>
              {text}
            </option>
          ))}
          <option value="ignore" selected={chosen === 'ignore'}>
            not read
          </option>
        </select>
      </td>
    </tr>
  );
}

function chosenFor(header: string, { map = [], ignore = [], splitName }: PlanRecord['options']) {
  if (ignore.includes(header)) return 'ignore';
  const mapped = map.find((each) => each.slice(0, each.lastIndexOf('=')) === header);
  const meaning = mapped?.slice(mapped.lastIndexOf('=') + 1);
  return meaning === 'name' ? `name ${splitName}` : meaning;
}
