import { counted } from '../../count.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import type { Report } from '../../ledger/batch/numbers.ts';
import type { Cause } from '../../ledger/rows/causes.ts';
import { line } from '../../printable.ts';

/** Groups that are shown unless fewer are asked for. */
const MOST_GROUPS = 10;

interface Reasons {
  report: Report;
  /** Why people failed. */
  causes: readonly Cause[];
  /** Why rows were rejected; absent where nobody has counted them. */
  rejections?: readonly Cause[] | undefined;
}

/**
 * Why rows were rejected and people failed: the reasons with their numbers and an example, and the
 * command that leads on. The same block after `submit` and `run`, and in `status` and `watch`.
 */
export function reasonsText(
  { report, causes, rejections = [] }: Reasons,
  most = MOST_GROUPS,
): string {
  const { batchId, peopleRemovedAt } = report;
  const hasPeople = peopleRemovedAt === null;
  const toReject = [`  to correct them in a file: onboard report ${batchId} --rejected`];
  const toRetry = [
    `  to try them again: onboard retry ${batchId}`,
    `  to correct them in a file: onboard report ${batchId} --failed`,
  ];
  const mayRetry = hasPeople && (isOver(report) || report.gate !== null);
  return (
    block('rejected:', rejections, { most, next: hasPeople ? toReject : [] }) +
    block('failed:', causes, { most, next: mayRetry ? toRetry : [] })
  );
}

function block(
  title: string,
  causes: readonly Cause[],
  { most, next }: { most: number; next: readonly string[] },
): string {
  if (causes.length === 0) return '';
  const lines = [title, ...causes.slice(0, most).map(causeLine)];
  const more = causes.length - most;
  if (more > 0) lines.push(`  and ${counted(more, 'other reason', 'other reasons')}`);
  return `${[...lines, ...next].join('\n')}\n`;
}

function causeLine({ code, count, example }: Cause): string {
  const { file, line: at, email, reason } = example;
  const parts = [line`  ${count} ${code}, as ${file} line ${at}`];
  if (email !== '') parts.push(line`${email}`);
  // Names and reasons are removed before the numbers.
  return reason === '' ? parts.join(', ') : line`${parts.join(', ')}: ${reason}`;
}
