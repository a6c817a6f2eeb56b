import type { Hold } from '../ledger/holds.ts';
import type { Report } from '../ledger/report.ts';
import { duration } from './progress.ts';

/** A report for people; every sum is written so that it can be checked. */
export function reportText(report: Report, hold?: Hold): string {
  const took = duration(report.durationMs);
  const invites = report.inviteRequests === 1 ? '1 request' : `${report.inviteRequests} requests`;
  const lost = report.unansweredInvites;
  return [
    `batch ${report.batchId}: ${report.state}, ${took}${report.round > 1 ? `, round ${report.round}` : ''}`,
    `  ${report.total} rows = ${report.accepted} accepted + ${report.rejected} rejected + ${report.duplicates} duplicates`,
    `  ${report.accepted} accepted = ${report.created} created + ${report.existing} existing + ${report.failed} failed + ${report.cancelled} cancelled + ${report.pending} pending`,
    `  ${report.invited} invited in ${invites}${lost > 0 ? `, ${lost} of them without an answer` : ''}`,
    ...nextStep(report),
    ...(report.peopleRemovedAt === null
      ? []
      : [`  names and e-mails were removed on ${report.peopleRemovedAt}`]),
    ...(report.hold === null || hold === undefined ? [] : [holdText(hold)]),
    '',
  ].join('\n');
}

const gates = {
  'invite-held': 'the invite waits, as it was submitted',
  'too-few-created': 'the invite waits: fewer people have an account than --min-created asks for',
  'invite-at': 'the invite waits for its time',
};

/** What a batch waits for that a person said so of. */
function nextStep({ batchId, state, gate }: Report): string[] {
  if (state === 'waiting') return [`  the others wait for: onboard continue ${batchId}`];
  if (gate === null) return [];
  const until = gate.until === null ? '' : ` (${gate.until})`;
  return [`  ${gates[gate.code]}${until}; to send it now: onboard invite ${batchId}`];
}

/** A hold as `--json` tells it; null when there is none. */
export function holdFields(hold: Hold | undefined): object | null {
  return hold === undefined ? null : { ...hold, since: new Date(hold.since).toISOString() };
}

export function holdText(hold: Hold): string {
  const lines = [`held (${hold.code}): ${hold.reason}`, `  what to do: ${hold.remedy}`];
  return [
    ...lines,
    '  to go on: onboard resume (or, with onboard run, the same command again)',
  ].join('\n');
}

const LIST_COLUMNS = [
  ['BATCH', (report: Report) => report.batchId],
  ['STATE', (report: Report) => (report.hold === null ? report.state : `held: ${report.hold}`)],
  ['ROWS', (report: Report) => String(report.total)],
  ['PENDING', (report: Report) => String(report.pending)],
  ['CREATED', (report: Report) => String(report.created)],
  ['EXISTING', (report: Report) => String(report.existing)],
  ['FAILED', (report: Report) => String(report.failed)],
  ['INVITED', (report: Report) => String(report.invited)],
  ['STARTED', (report: Report) => report.startedAt.slice(0, 19).replace('T', ' ')],
] as const;

/** The batches as a table with aligned columns. */
export function listText(reports: readonly Report[]): string {
  const rows = [LIST_COLUMNS.map(([title]) => title as string)];
  for (const report of reports) rows.push(LIST_COLUMNS.map(([, cell]) => cell(report)));
  const widths = LIST_COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return `${rows.map((row) => line(row).trimEnd()).join('\n')}\n`;
}
