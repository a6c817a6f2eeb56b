import { counted } from '../../count.ts';
import type { PersonRow } from '../../ledger/rows/person-rows.ts';
import { utcTime } from '../text/clock.ts';

/** A row of a person in a few lines; the first of a batch comes after a line about the batch. */
export function personRowText(row: PersonRow, isFirst: boolean): string {
  const about = `batch ${row.batchId}: ${row.batchState}, ${utcTime(row.startedAt)}, ${row.portal}\n`;
  const rounds = [...row.history, row].map((end, index, all) => {
    const isLast = index === all.length - 1;
    const text = [...endParts(end), ...(isLast ? fateParts(row) : [])].join(', ');
    return all.length === 1 ? `    ${text}\n` : `    round ${end.round}: ${text}\n`;
  });
  const head = `  ${row.file} line ${row.line}: ${row.name || '(no name)'} <${row.email}>\n`;
  return (isFirst ? about : '') + head + rounds.join('');
}

type End = Omit<PersonRow['history'][number], 'round'>;

/** How a round ended: `failed (bad-request: Wrong name.)`, `2 attempts`, `at …`. */
function endParts({ state, code, reason, attempts, settledAt }: End): string[] {
  const why = [code, reason].filter((part) => part !== '').join(': ');
  const parts = [why === '' ? state : `${state} (${why})`];
  if (attempts > 0) parts.push(counted(attempts, 'attempt', 'attempts'));
  if (settledAt !== null) parts.push(`at ${utcTime(settledAt)}`);
  return parts;
}

function fateParts({ portalId, invited, invitedAt }: PersonRow): string[] {
  const parts: string[] = [];
  if (portalId !== '') parts.push(`account ${portalId}`);
  if (invited) parts.push(invitedAt === null ? 'invited' : `invited at ${utcTime(invitedAt)}`);
  return parts;
}
