import { isOver, isSettled } from '../../ledger/batch/batch-state.ts';
import { isoTime } from '../../ledger/iso-time.ts';
import { type Overview, secondsLeft } from '../../overview/overview.ts';
import { inviteTimeText } from './asked-text.ts';
import { limitFields, limitText } from './pace-text.ts';
import { reasonsText } from './reasons-text.ts';
import { remarksText } from './remarks-text.ts';
import { reportText } from './report-text.ts';
import { holdFields, waitFields, waitText } from './stop-text.ts';
import { duration } from './time-text.ts';

/** A batch for people: numbers, hold, `remarks`, pace, waits and why people failed. */
export function overviewText(
  overview: Overview,
  { remarks = '', mostCauses }: { remarks?: string; mostCauses?: number } = {},
): string {
  const { report, hold, gateDetail, waits, now } = overview;
  const parts = [
    reportText(report, { hold, gateDetail }),
    remarksText(overview.remarks),
    remarks,
    inviteText(overview),
    paceText(overview),
  ];
  if (hold === undefined) for (const wait of waits) parts.push(`waiting: ${waitText(wait, now)}\n`);
  parts.push(reasonsText(overview, mostCauses));
  return parts.join('');
}

/** The overview as `--json` shows it: the report's fields and everything else of the moment. */
export function overviewFields(overview: Overview): object {
  const { report, hold, waits, causes, remarks, ratePerSecond, workers, now } = overview;
  return {
    ...report,
    held: holdFields(hold),
    gateDetail: overview.gateDetail ?? null,
    inviteAt: isoTime(overview.inviteAt),
    ratePerSecond: Math.round(ratePerSecond * 100) / 100,
    secondsLeft: secondsLeft(overview),
    pace: limitFields(overview),
    workers,
    failures: causes,
    remarks,
    ...(overview.rejections === undefined ? {} : { rejections: overview.rejections }),
    waits: waits.map((wait) => waitFields(wait, now)),
  };
}

/** Present rate and time left, as `12.5/s, 1:20 left`; without what nobody knows yet. */
export function rateText(overview: Overview): string {
  const seconds = secondsLeft(overview);
  const rate = overview.ratePerSecond;
  const parts = rate > 0 ? [`${rate.toFixed(1)}/s`] : [];
  if (seconds !== null) parts.push(`${duration(seconds * 1000)} left`);
  else if (rate > 0) parts.push('time left unknown');
  return parts.join(', ');
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
  const rate = rateText(overview);
  const limit = limitText(overview);
  const limitLine = limit === '' ? '' : `  ${limit}\n`;
  if (rate === '') return limitLine;
  const at = overview.ratePerSecond > 0 ? ' (average of the last two minutes)' : ', at the limit';
  return `  ${rate}${at}\n${limitLine}`;
}
