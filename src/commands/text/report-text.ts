import { counted } from '../../count.ts';
import { gates, gateText } from '../../gates.ts';
import type { Report } from '../../ledger/batch/numbers.ts';
import type { Hold } from '../../ledger/stops/holds.ts';
import { areAllUsers, typesText } from '../../people/account-types.ts';
import { line } from '../../printable.ts';
import { zonedTime } from '../../zoned-time.ts';
import { holdText } from './stop-text.ts';
import { type Column, tableText } from './text-table.ts';
import { duration } from './time-text.ts';

/** A report for people; every sum is written so that it can be checked. */
export function reportText(
  report: Report,
  { hold, gateDetail }: { hold?: Hold | undefined; gateDetail?: string | undefined } = {},
): string {
  const { accepted, created, existing, failed, cancelled, pending } = report;
  const round = report.round > 1 ? `, round ${report.round}` : '';
  const lines = [
    `batch ${report.batchId}: ${report.state}, ${duration(report.durationMs)}${round}`,
    `  ${counted(report.total, 'row', 'rows')} = ${accepted} accepted + ${report.rejected} rejected + ${report.duplicates} duplicates`,
    `  ${accepted} accepted = ${created} created + ${existing} existing + ${failed} failed + ${cancelled} cancelled + ${pending} pending`,
  ];
  if (!areAllUsers(report.types)) lines.push(`  accepted: ${typesText(report.types)}`);
  lines.push(`  ${invitedText(report)}`);
  for (const each of [...markLines(report), ...nextSteps(report, gateDetail)])
    lines.push(`  ${each}`);
  if (report.peopleRemovedAt !== null) {
    lines.push(`  names and e-mails were removed on ${zonedTime(report.peopleRemovedAt)}`);
  }
  if (report.hold !== null && hold !== undefined) lines.push(holdText(hold));
  return `${lines.join('\n')}\n`;
}

function invitedText({ invited, inviteRequests, unansweredInvites }: Report): string {
  const requests = counted(inviteRequests, 'request', 'requests');
  const lost = unansweredInvites > 0 ? `, ${unansweredInvites} of them without an answer` : '';
  return `${invited} invited in ${requests}${lost}`;
}

/** A line for created accounts that are not as they were asked for. */
function markLines(report: Report): string[] {
  const { batchId, notInvitable, unmailed, otherRole, otherRoleBefore, groupsMissing } = report;
  const lines: string[] = [];
  if (groupsMissing > 0) {
    const are = groupsMissing === 1 ? 'account is' : 'accounts are';
    lines.push(
      `${groupsMissing} ${are} not in every group that was asked for: onboard report ${batchId}`,
    );
  }
  if (unmailed > 0) {
    const have = unmailed === 1 ? 'account has' : 'accounts have';
    lines.push(
      `${unmailed} ${have} perhaps had no activation mail: onboard report ${batchId} --unmailed`,
    );
  }
  if (otherRole + otherRoleBefore > 0) {
    const have = otherRole === 1 ? 'account has' : 'accounts have';
    const before = otherRoleBefore === 0 ? '' : ` (and ${otherRoleBefore} of those that existed)`;
    lines.push(
      `${otherRole} ${have} another role than asked${before}: onboard report ${batchId} --role-differs`,
    );
  }
  if (notInvitable > 0) {
    lines.push(
      `${notInvitable} not invitable, with their activation mail: onboard report ${batchId} --not-invitable`,
    );
  }
  return lines;
}

function nextSteps({ batchId, state, gate }: Report, detail: string | undefined): string[] {
  if (state === 'waiting') {
    return [`the other people are held back; to create them: onboard continue ${batchId}`];
  }
  if (gate === null) return [];
  const until = gate.until === null ? '' : ` (${zonedTime(gate.until)})`;
  const what = gateText(gate.code);
  const { remedy } = gates[gate.code];
  if (remedy === undefined) return [`${what}${until}; to send it now: onboard invite ${batchId}`];
  return [
    `${what}${until}`,
    ...(detail === undefined ? [] : [line`  ${detail}`]),
    `  what to do: ${remedy}`,
    `  to continue: onboard invite ${batchId}`,
  ];
}

const COLUMNS: readonly Column<Report>[] = [
  ['BATCH', ({ batchId }) => batchId],
  ['STATE', ({ state, hold }) => (hold === null ? state : `held: ${hold}`)],
  ['ROWS', ({ total }) => String(total)],
  ['PENDING', ({ pending }) => String(pending)],
  ['CREATED', ({ created }) => String(created)],
  ['EXISTING', ({ existing }) => String(existing)],
  ['FAILED', ({ failed }) => String(failed)],
  ['INVITED', ({ invited }) => String(invited)],
  ['STARTED', ({ startedAt }) => zonedTime(startedAt)],
];

const TYPES: Column<Report> = ['TYPES', ({ types }) => typesText(types)];

/** The batches as a table, with types where somebody is more than a User. */
export function listText(reports: readonly Report[]): string {
  const haveUsers = reports.every(({ types }) => areAllUsers(types));
  return tableText(haveUsers ? COLUMNS : [...COLUMNS, TYPES], reports);
}
