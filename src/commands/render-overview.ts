import type { Cause } from '../ledger/causes.ts';
import { type Overview, timeLeft } from './overview.ts';
import { duration } from './progress.ts';
import { reportText } from './render.ts';
import { isOver, isSettled } from './watch.ts';

/** Most groups of failures that are shown where nothing else is asked for. */
const MOST_CAUSES = 10;

/**
 * A batch for people: numbers, hold, pace, waits and why people failed. `remarks` are lines that come
 * after the numbers; `mostCauses` keeps it short enough for a screen.
 */
export function overviewText(
  overview: Overview,
  { remarks = '', mostCauses = MOST_CAUSES }: { remarks?: string; mostCauses?: number } = {},
): string {
  const { report, hold, waits } = overview;
  const waiting = hold === undefined ? waits.map(({ text }) => `waiting: ${text}\n`) : [];
  const numbers = reportText(report, hold) + remarks + paceText(overview);
  return numbers + waiting.join('') + causesText(overview, mostCauses);
}

/** How fast it goes and how long it still takes, while it goes. */
function paceText(overview: Overview): string {
  const { report, ratePerSecond, workers } = overview;
  if (isSettled(report) || report.hold !== null || report.state === 'intake') return '';
  if (workers === 0) return 'no worker is running: start one with onboard worker\n';
  const seconds = timeLeft(overview);
  const left = seconds === null ? 'time left unknown' : `${duration(seconds * 1000)} left`;
  return `  ${ratePerSecond.toFixed(1)}/s over the last two minutes, ${left}\n`;
}

function causesText({ report, causes }: Overview, most: number): string {
  if (causes.length === 0) return '';
  const shown = causes.slice(0, most).map(causeLine);
  const more = causes.length - shown.length;
  const lines = more === 0 ? shown : [...shown, `  and ${more} other reasons`];
  const { batchId } = report;
  const next = [
    `  to try them again: onboard retry ${batchId}`,
    `  to put them right in a file: onboard report ${batchId} --failed`,
  ];
  return ['failed:', ...lines, ...(isOver(report) || report.gate !== null ? next : []), ''].join(
    '\n',
  );
}

function causeLine({ code, count, example }: Cause): string {
  const { file, line, email, reason } = example;
  return printable(`  ${count} ${code}, as ${file} line ${line}, ${email}: ${reason}`);
}

/** What the portal or a file wrote must not move the cursor or ring the bell. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
