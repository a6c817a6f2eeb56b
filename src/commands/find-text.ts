import type { PersonRow } from '../ledger/person-rows.ts';

/** A row of a person in a few lines; `isFirst` of its batch, it comes after a line about that. */
export function personRowText(row: PersonRow, isFirst: boolean): string {
  const about = `batch ${row.batchId}: ${row.batchState}, ${clock(row.startedAt)}, ${row.portal}\n`;
  const rounds = [...row.history, row].map((end, index, all) => {
    const isLast = index === all.length - 1;
    const told = [ending(end), ...(isLast ? fate(row) : [])].join(', ');
    return all.length === 1 ? `    ${told}\n` : `    round ${end.round}: ${told}\n`;
  });
  const head = `  ${row.file} line ${row.line}: ${row.name || '(no name)'} <${row.email}>\n`;
  return (isFirst ? about : '') + head + rounds.join('');
}

type End = Pick<PersonRow, 'state' | 'code' | 'reason' | 'attempts' | 'settledAt'>;

/** What became of a row in one round: `failed (bad-request: Wrong name.), 2 attempts, at …`. */
function ending({ state, code, reason, attempts, settledAt }: Record<keyof End, unknown>): string {
  const why = [code, reason].filter((part) => part !== '').join(': ');
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return [
    why === '' ? `${state}` : `${state} (${why})`,
    ...(attempts === 0 ? [] : [tries]),
    ...(typeof settledAt === 'string' ? [`at ${clock(settledAt)}`] : []),
  ].join(', ');
}

function fate({ portalId, invited, invitedAt }: PersonRow): string[] {
  const when = invitedAt === null ? '' : ` at ${clock(invitedAt)}`;
  return [
    ...(portalId === '' ? [] : [`account ${portalId}`]),
    ...(invited ? [`invited${when}`] : []),
  ];
}

/** Universal time, to the second. */
function clock(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')}Z`;
}
