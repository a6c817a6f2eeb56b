import { counted } from '../../count.ts';
import { isOver, isSettled } from '../../ledger/batch/batch-state.ts';
import { isoTime } from '../../ledger/iso-time.ts';
import type { Cause } from '../../ledger/rows/causes.ts';
import { type Overview, secondsLeft } from '../../overview/overview.ts';
import { line } from '../../printable.ts';

import { inviteTimeText } from './asked-text.ts';
import { remarksText } from './remarks-text.ts';
import { reportText } from './report-text.ts';
import { holdFields, waitFields, waitText } from './stop-text.ts';
import { duration } from './time-text.ts';

/** Groups of failures that are shown unless fewer are asked for. */
const MOST_CAUSES = 10;

/** A batch for people: numbers, hold, `remarks`, pace, waits and why people failed. */
export function overviewText(
  overview: Overview,
  { remarks = '', mostCauses = MOST_CAUSES }: { remarks?: string; mostCauses?: number } = {},
): string {
  const { report, hold, waits, now } = overview;
  const parts = [
    reportText(report, hold),
    remarksText(overview.remarks),
    remarks,
    inviteText(overview),
    paceText(overview),
  ];
  if (hold === undefined) for (const wait of waits) parts.push(`waiting: ${waitText(wait, now)}\n`);
  parts.push(causesText(overview, mostCauses));
  return parts.join('');
}

/** The overview as `--json` shows it: the report's fields and everything else of the moment. */
export function overviewFields(overview: Overview): object {
  const { report, hold, waits, causes, remarks, ratePerSecond, workers, now } = overview;
  return {
    ...report,
    held: holdFields(hold),
    inviteAt: isoTime(overview.inviteAt),
    ratePerSecond: Math.round(ratePerSecond * 100) / 100,
    secondsLeft: secondsLeft(overview),
    workers,
    failures: causes,
    remarks,
    waits: waits.map((wait) => waitFields(wait, now)),
  };
}

/** Present rate and time left, as `12.5/s, 1:20 left`. */
export function rateText(overview: Overview): string {
  const seconds = secondsLeft(overview);
  const left = seconds === null ? 'time left unknown' : `${duration(seconds * 1000)} left`;
  return `${overview.ratePerSecond.toFixed(1)}/s, ${left}`;
}

/** The gate of a settled batch is in its report; before, its time is here. */
function inviteText({ report, inviteAt, now }: Overview): string {
  if (inviteAt === undefined || inviteAt <= now || isOver(report) || report.gate !== null)
    return '';
  return `  ${inviteTimeText(inviteAt)}\n`;
}

function paceText(overview: Overview): string {
  const { report, workers } = overview;
  if (isSettled(report) || report.hold !== null || report.state === 'intake') return '';
  if (workers === 0) return 'no worker is running: start one with onboard worker\n';
  return `  ${rateText(overview)} (average of the last two minutes)\n`;
}

function causesText({ report, causes }: Overview, most: number): string {
  if (causes.length === 0) return '';
  const lines = ['failed:', ...causes.slice(0, most).map(causeLine)];
  const more = causes.length - most;
  if (more > 0) lines.push(`  and ${counted(more, 'other reason', 'other reasons')}`);
  const mayRetry = isOver(report) || report.gate !== null;
  if (mayRetry && report.peopleRemovedAt === null) {
    lines.push(
      `  to try them again: onboard retry ${report.batchId}`,
      `  to correct them in a file: onboard report ${report.batchId} --failed`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function causeLine({ code, count, example }: Cause): string {
  const { file, line: at, email, reason } = example;
  const place = line`  ${count} ${code}, as ${file} line ${at}`;
  // Names and reasons are removed before the numbers.
  return email === '' ? place : line`${place}, ${email}: ${reason}`;
}
