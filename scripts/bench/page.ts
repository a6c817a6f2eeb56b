// Makes docs/benchmarks.md and its pictures: runs each benchmark as a process, and fills the page with
// its figures. Sections that need 1,000,000 rows or another build stay as they are. Exits with 1 where an
// aim is missed. With `--quick` it writes to dist-bench/quick instead: the form, not the speed.
// Usage: npm run bench [-- --quick]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missedLines, type Outcome } from './aims.ts';
import { owned } from './children.ts';
import type { FanInFigures } from './fan-in.ts';
import type { FaultsFigures } from './faults.ts';
import { COMMON, orExit } from './flags.ts';
import type { LimitsFigures } from './limits.ts';
import type { PaceFigures } from './pace.ts';
import { keptNames, pageOf } from './page-text.ts';
import { median } from './processes.ts';
import {
  fanInSection,
  faultsSection,
  limitsSection,
  memoryChart,
  submitSection,
} from './producer-sections.ts';
import {
  aimsSection,
  cpuChart,
  headOf,
  type Machine,
  paceSection,
  throughputChart,
  throughputSection,
} from './sections.ts';
import type { SubmitFigures } from './submit.ts';
import type { ThroughputFigures } from './throughput.ts';

const { quick } = orExit(() => parseArgs({ options: { quick: COMMON.quick } })).values;
const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = join(ROOT, 'docs/benchmarks.md');
const OUT = quick ? join(ROOT, 'dist-bench/quick') : dirname(PAGE);
const STARTS = 30;

/** Output of a process; its errors go to the terminal. Status 1 of a benchmark is a missed aim. */
async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const child = owned(spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 && code !== 1) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return text;
}

/** Runs a benchmark of this folder; its outcome is the last line that it prints. */
async function run<T>(name: string, ...flags: string[]): Promise<Outcome<T>> {
  const began = performance.now();
  const all = [...flags, '--json', ...(quick ? ['--quick'] : [])];
  const text = (await outputOf(process.execPath, [join(import.meta.dirname, name), ...all])).trim();
  const last = text.slice(text.lastIndexOf('\n') + 1);
  if (!last.startsWith('{')) throw new Error(`${name} has no outcome: ${text}`);
  console.log(`${text.slice(0, -last.length).trim()}\n`);
  console.log(`${name}: ${Math.round((performance.now() - began) / 1000)} s\n`);
  return JSON.parse(last);
}

async function machine(): Promise<Machine> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const began = performance.now();
    await outputOf(process.execPath, ['-e', '0']);
    times.push(performance.now() - began);
  }
  const version = await outputOf('redis-server', ['--version']);
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: totalmem() / 1024 ** 3,
    node: process.versions.node,
    redis: /v=(\S+)/.exec(version)?.[1] ?? 'unknown',
    emptyMs: median(times),
    isQuick: quick,
  };
}

const before = await readFile(PAGE, 'utf8');
// A page without a kept section is an error now, and not after half an hour.
pageOf(
  before,
  keptNames.map((kept) => ({ kept })),
);
const head = await machine();
const throughput = await run<ThroughputFigures>('throughput.js');
const submit = await run<SubmitFigures>('submit.js', '--memory');
const fanIn = await run<FanInFigures>('fan-in.js');
const together = await run<FanInFigures>('fan-in.js', '--rows', '100000', '--invite-size', '0');
const limits = await run<LimitsFigures>('limits.js');
// Both wait for the limits of their portals most of the time.
const [faults, pace] = await Promise.all([
  run<FaultsFigures>('faults.js'),
  run<PaceFigures>('pace.js'),
]);
const outcomes = [throughput, pace, submit, fanIn, together, limits, faults];
const aims = outcomes.flatMap((outcome) => outcome.aims);
const text = pageOf(before, [
  { text: headOf(head) },
  { text: aimsSection(aims) },
  { text: limitsSection(limits.figures) },
  { kept: 'server' },
  { text: faultsSection(faults.figures) },
  { text: paceSection(pace.figures) },
  { kept: 'pace-shared' },
  { text: throughputSection(throughput.figures) },
  { kept: 'trips' },
  { text: submitSection(submit.figures) },
  { text: fanInSection(fanIn.figures, together.figures) },
  { kept: 'apart' },
]);
await mkdir(join(OUT, 'images'), { recursive: true });
await writeFile(join(OUT, 'benchmarks.md'), text);
const pictures = {
  'bench-throughput': throughputChart(throughput.figures),
  'bench-cpu': cpuChart(throughput.figures),
  'bench-memory': memoryChart(submit.figures.memory),
};
for (const [name, svg] of Object.entries(pictures)) {
  await writeFile(join(OUT, 'images', `${name}.svg`), svg);
}
for (const line of missedLines(aims)) console.log(line);
console.log(`wrote ${join(OUT, 'benchmarks.md')}`);
if (aims.some(({ isMet }) => !isMet)) process.exitCode = 1;
