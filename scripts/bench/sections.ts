// Sections of docs/benchmarks.md that a run makes. Every figure comes from the outcome of a benchmark,
// and the words around it hold for any figure.
import type { Aim } from './aims.ts';
import { barChart, lineChart } from './chart.ts';
import type { PaceFigures } from './pace.ts';
import { whole } from './page-text.ts';
import { table } from './processes.ts';
import {
  type Found,
  type SideFigures,
  scenarioNames,
  scenarios,
  sideNames,
  sideOf,
} from './scenarios.ts';
import type { ThroughputFigures } from './throughput.ts';

/** The machine of a run. */
export interface Machine {
  date: string;
  cores: number;
  cpu: string;
  memoryGiB: number;
  node: string;
  redis: string;
  /** Median start of an empty Node process. */
  emptyMs: number;
  isQuick: boolean;
}

export function headOf({ isQuick, ...of }: Machine): string {
  const memory = `${of.memoryGiB.toFixed(1)} GiB of memory`;
  return `# Benchmarks

${isQuick ? '**Made by `--quick`: the form of the page, not the speed of the product.**\n\n' : ''}\
\`npm run bench\` makes this page: on ${of.date}, ${of.cores} cores (${of.cpu}), ${memory}, Node ${of.node},
redis-server ${of.redis}, everything on loopback; \`node -e 0\` takes ${of.emptyMs.toFixed(0)} ms. Each table compares sides that
ran in turn in one run, so the ratios count; seconds vary between runs. Medians are of three rounds. The sections
that need 1,000,000 rows or a second build have a command and a date of their own.`;
}

export function aimsSection(aims: readonly Aim[]): string {
  const rows = aims.map(({ what, measured, aim, isMet }) => [
    what,
    measured,
    aim,
    isMet ? 'met' : 'missed',
  ]);
  const met = aims.filter(({ isMet }) => isMet).length;
  return `## Aims

${met} of ${aims.length} aims are met in this run.

${table(['figure', 'measured', 'aim', 'result'], rows)}`;
}

export function paceSection({ alone }: PaceFigures): string {
  const rows = alone.map(({ people, perSecond, refusals, invites }) => {
    const share = `${((100 * perSecond) / 25).toFixed(1)} %`;
    return [whole(people), perSecond.toFixed(2), share, refusals, invites];
  });
  const head = ['people', 'accounts a second', 'share of 25 a second', '429s', 'invites'];
  return `## Pace

\`npm run bench:pace\`: a worker with its own settings on a portal that takes 20 ms and refuses what exceeds 1,500 requests
in any 60 s. The rate is that between the first and the last creation; reads and the invite use the same limit.

${table(head, rows)}`;
}

export function throughputSection({ found }: ThroughputFigures): string {
  const rows = scenarioNames.flatMap((name) =>
    (found[name] ?? []).map((figures) => [
      scenarios[name].title,
      figures.side,
      figures.perSecond.map(whole).join(', '),
      whole(figures.medianPerSecond),
      ratioOf(found, name, figures),
      figures.mostInFlight,
      recovery(figures),
    ]),
  );
  const head = [
    'scenario',
    'side',
    'people a second',
    'median',
    'ours in times of it',
    'most at once',
    's to full speed',
  ];
  return `## Throughput

\`npm run bench:throughput\`: the built worker, raw BullMQ with a bare undici call, and a bare undici client, on a portal that
is written apart from the product. People a second count between a tenth and nine tenths of the people. Those on a portal
of 50 ms are compared with the bare client of the same rounds. A killed worker is one of three, when a third of the people is
created; full speed is 98 % of the speed before the kill over 5 s.

${table(head, rows)}

![People a second over writers on a portal of 50 ms, for ours, raw BullMQ and the bare client](images/bench-throughput.svg)

## CPU of one person

The same runs, with 50 writers and no latency: CPU of the processes for each person, without Redis and the portal.

${table(['side', 'CPU ms a person', 'ours in times of it'], cpuRows(found))}

![CPU of one person, as bars for the bare client, raw BullMQ and ours](images/bench-cpu.svg)`;
}

/** Speed of ours in times of a side; the sides of `portal` serve the other scenarios of 50 ms. */
function ratioOf(found: Found, name: (typeof scenarioNames)[number], figures: SideFigures): string {
  const own = sideOf(found, name, 'ours');
  if (own === undefined) return '';
  const base =
    figures.side !== 'ours' || name === 'cpu' ? figures : sideOf(found, 'portal', 'bare client');
  if (base === undefined || (figures.side === 'ours' && name === 'cpu')) return '';
  if (figures.side === 'ours' && name === 'portal') return '';
  const ratio = (own.medianPerSecond / base.medianPerSecond).toFixed(3);
  return figures.side === 'ours' ? `${ratio} (bare client)` : ratio;
}

function recovery({ recoveries }: SideFigures): string {
  // JSON has no infinity: null is a speed that did not come back.
  return recoveries.map((seconds: number | null) => seconds?.toFixed(1) ?? 'never').join(', ');
}

function cpuRows(found: Found): unknown[][] {
  const own = sideOf(found, 'cpu', 'ours')?.medianCpuMs ?? Number.NaN;
  return (found.cpu ?? []).map(({ side, medianCpuMs }) => [
    side,
    medianCpuMs.toFixed(3),
    side === 'ours' ? '' : (own / medianCpuMs).toFixed(2),
  ]);
}

export function throughputChart({ writers }: ThroughputFigures): string {
  const series = [...sideNames].reverse().map((name) => ({
    name,
    points: writers.map(({ writers: count, perSecond }) => [count, perSecond[name]] as const),
  }));
  const title = 'Throughput, portal of 50 ms';
  return lineChart({ title, x: 'writers', y: 'people a second', series });
}

export function cpuChart({ found }: ThroughputFigures): string {
  // In the order, and so in the colors, of the picture of throughput.
  const bars = (found.cpu ?? []).toReversed().map(({ side, medianCpuMs }) => ({
    name: side,
    value: Number(medianCpuMs.toFixed(3)),
  }));
  return barChart({ title: 'CPU of one person, 50 writers', y: 'ms', bars });
}
