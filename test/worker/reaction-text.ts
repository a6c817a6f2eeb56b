import type { Doubt } from '../../src/ledger/rows/row-codec.ts';
import type { Answer } from '../../src/portal/answer.ts';
import type { QueueEffect, Reaction } from '../../src/worker/outcome.ts';
import { accountDto, empty, shapeA } from '../portal/answers.ts';
import { context, types } from '../portal/verdict-of.ts';

// Shared by the tables of reactions: the effect of an answer on row, attempt, queue and batch.

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
export function reactionText({ row, outcome }: Reaction): string {
  const end = row?.kind === 'settle' ? row.state : `doubt ${row?.doubt?.kind ?? 'cleared'}`;
  const marks = row?.kind === 'settle' ? (row.marks ?? []) : [];
  const notes = [
    ...(row?.kind === 'settle' && row.outcome.warnings ? ['a warning'] : []),
    ...marks,
  ];
  const warned = notes.length === 0 ? '' : ` with ${notes.join(', ')}`;
  const { job, queues } = outcome;
  return `${row === undefined ? 'kept' : end}${warned} | ${queues ? effectText(queues) : jobText(job)}`;
}

function effectText(effect: QueueEffect): string {
  if (effect.kind === 'slow-down') return `all wait: ${effect.limiter}`;
  return effect.kind === 'hold' ? `held: ${effect.hold.code}` : effect.kind;
}

function jobText(job: Reaction['outcome']['job']): string {
  if (job.kind === 'snooze') return `again in ${job.delayMs}`;
  if (job.kind === 'retry') return `attempt failed, next in ${job.delayMs ?? 0}`;
  return job.kind === 'done' ? 'completed' : 'unrecoverable';
}
