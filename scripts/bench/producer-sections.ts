// Sections of docs/benchmarks.md about whole runs and producers; words hold for any figure.
import { lineChart } from './chart.ts';
import type { FanInFigures } from './fan-in.ts';
import type { FaultsFigures } from './faults.ts';
import type { LimitsFigures } from './limits.ts';
import { whole } from './page-text.ts';
import { table } from './processes.ts';
import type { MemoryFigures, SubmitFigures } from './submit.ts';

export function limitsSection({ head, sizes }: LimitsFigures): string {
  const parts = sizes.map(({ people, latencyMs, rows, share }) => {
    const lead = `${latencyMs} ms a request. Between its first and last account, \`onboard run\` makes ${share.toFixed(1)} % of 25 a second.`;
    return `### ${whole(people)} people\n\n${lead}\n\n${table(head, rows)}`;
  });
  return `## At the documented limits

\`npm run bench:limits\`: the sandbox with 1,500 requests a minute and 15 writes at a time. It compares the algorithm of
ONLYOFFICE's documented sample, reimplemented (a POST for each person, all at once, then one invite), with \`onboard run\` and
its private Redis. The rounds of \`onboard run\` go at the same time, because they wait for the limit.

${parts.join('\n\n')}`;
}

export function faultsSection({ head, rows }: FaultsFigures): string {
  return `## Under faults

\`npm run bench:faults\`: the same, while 3 % of the creations fail with 500 before the account exists, 2 % with 500 after it,
and 2 % of the connections break after it; with the documented limits and without limits. "Known" is the number of creations
that the program itself reports. Part of the seconds is the wait before the last lookups: the portal may still process a
request whose connection broke.

${table(head, rows)}`;
}

export function submitSection({ producers, times }: SubmitFigures): string {
  const rows = producers.map(({ name, seconds, median, ...figures }) => [
    name,
    whole(figures.rows),
    seconds.map((each) => each.toFixed(1)).join(', '),
    median.toFixed(1),
    whole(figures.microseconds),
    whole(figures.peakMiB),
    whole(figures.bytesPerRow),
  ]);
  const head = ['producer', 'rows', 'seconds', 'median', 'µs a row', 'peak MiB', 'bytes a row'];
  return `## Submitting rows

\`npm run bench:submit -- --memory\`: \`onboard submit\` of a CSV file (read and check it twice, record every row in the ledger,
add every job, seal), the same jobs with bare \`Queue.addBulk\` in slices of 1,000, and one \`FlowProducer.add\`, which both have
neither file nor ledger. A fresh Redis each; the bytes are those of Redis.

${table(head, rows)}

\`onboard submit\` takes ${times.toFixed(2)} times bare addBulk. Its bytes a row are the job, removed when it completes, and the ledger, until
the end of the retention.

![Peak memory over rows, for onboard submit and one FlowProducer.add](images/bench-memory.svg)`;
}

export function memoryChart(memory: readonly MemoryFigures[]): string {
  const names = [...new Set(memory.map(({ name }) => name))];
  const series = names.map((name) => {
    const own = memory.filter((each) => each.name === name).sort((a, b) => a.rows - b.rows);
    return { name, points: own.map(({ rows, peakMiB }) => [rows, peakMiB] as const) };
  });
  return lineChart({ title: 'Peak memory of a submission', x: 'rows', y: 'MiB', series });
}

/** Tables of invites of 20,000 people, and of everybody in one. */
export function fanInSection(parts: FanInFigures, together: FanInFigures): string {
  return `## Fan-in

\`npm run bench:fan-in\`: from the last answer of the portal to a creation to the first byte of the invite. A worker creates all
but the last 600 people of a batch; then each round begins with the same Redis, and a worker that has just started creates the
rest, without a rate limit, on a portal that answers at once. Invites of 20,000 people:

${table(parts.head, parts.lines)}

Everybody in one invite (\`--invite-size 0\`):

${table(together.head, together.lines)}

The time to the invite is that of reading its people once, which gives the length of the body; they are read again while it is
sent ([decision 32](decisions/0032-invites-are-streamed.md)).`;
}
