import type { Doubt } from '../../src/ledger/rows.ts';
import type { Answer } from '../../src/portal/answer.ts';
import type { reactionTo } from '../../src/worker/reaction.ts';
import { accountDto, empty, shapeA } from '../portal/answers.ts';
import { context, types } from '../portal/verdict-of.ts';

// What the tables of reactions share. Docspace-contract 8, trap by trap: what an answer does to the
// row, the attempt, the queue and the batch.

const { email } = accountDto;
export const person = { email, firstName: 'Ana', lastName: "O'Neil", type: 'User' } as const;
export const DELAY_MS = 35_000;
export const limitOf = (limit: number, more: Record<string, string> = {}) =>
  empty(429, { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': '0', ...more });
export const epoch = Math.floor(context.now / 1000) + 3600;
export const failure = (code: string, sent: boolean) => ({ failure: { code, sent } }) as Answer;
export const other = { ...accountDto, email: 'é.other@example.com' };
export const downgraded = { ...accountDto, isCollaborator: false, isRoomAdmin: true };
export const unanswered: Doubt = { kind: 'posting', code: 'timeout', reason: 'No answer.', at: 0 };
export const refused: Doubt = { kind: 'refused', code: 'bad-request', reason: 'No.' };
export const raced: Doubt = { kind: 'conflict', code: 'duplicate', reason: 'A race.' };
export const notThere = shapeA(404, 'The user could not be found', types.notFound);

/** A reaction as `row | outcome`, for a table; `kept` is a row that stays as it is. */
export function told(reaction: ReturnType<typeof reactionTo>): string {
  const { row, outcome } = reaction;
  const end = row?.kind === 'settle' ? row.state : `doubt ${row?.doubt?.kind ?? 'cleared'}`;
  const shown: Record<string, string> = {
    again: outcome.kind === 'again' ? `again in ${outcome.delayMs}` : '',
    retryable:
      outcome.kind === 'retryable' ? `attempt failed, next in ${outcome.delayMs ?? 0}` : '',
    'rate-limited': outcome.kind === 'rate-limited' ? `all wait: ${outcome.limiter}` : '',
    held: outcome.kind === 'held' ? `held: ${outcome.hold.code}` : '',
  };
  const warned = row?.kind === 'settle' && row.outcome.warnings ? ' with a warning' : '';
  return `${row === undefined ? 'kept' : end}${warned} | ${shown[outcome.kind] ?? outcome.kind}`;
}
