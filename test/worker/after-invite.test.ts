import { expect, test } from 'vitest';
import type { Answer } from '../../src/portal/answer.ts';
import { classify, readValue } from '../../src/portal/classify.ts';
import { invitedSchema } from '../../src/portal/portal-facts.ts';
import { afterInvite } from '../../src/worker/after-invite.ts';
import { envelope, html, shapeA, shapeB } from '../portal/answers.ts';
import { context, types } from '../portal/verdict-of.ts';
import { epoch, failure, limitOf, reactionText } from './reaction-text.ts';

function reactionTo(answer: Answer, more: { unanswered?: number; made?: number } = {}): string {
  const facts = { kind: 'invite' } as const;
  const verdict = readValue(facts, classify(facts, answer, context), invitedSchema);
  const attempts = { made: more.made ?? 1, most: 8 };
  const known = { people: 30, unanswered: more.unanswered ?? 0, attempts, named: [] };
  return reactionText({ outcome: afterInvite(verdict, known) });
}

const retryAfter = { 'retry-after': '80000', 'x-ratelimit-reset': `${epoch}` };

test.each<[string, Answer, { unanswered?: number; made?: number }, string]>([
  ['accepted', envelope([]), {}, 'kept | completed'],
  [
    '2.8: the invitation limit',
    shapeB({ Invitations: ['x'] }),
    {},
    'kept | held: invitation-limit',
  ],
  [
    '2.6: a disabled account',
    shapeA(400, 'User disabled: a@b.c', types.argument),
    {},
    'kept | held: invite-refused',
  ],
  ['2.6: an entry', shapeB({ 'Invitations[3].Email': ['x'] }), {}, 'kept | held: invite-refused'],
  ['2.6: 402 of the seats', shapeA(402, 'x', types.quota), {}, 'kept | held: quota-exceeded'],
  ['2.6: 403', shapeA(403, 'Access denied', types.security), {}, 'kept | held: access-denied'],
  ["4: the day's invitations", limitOf(100, retryAfter), {}, 'kept | all wait: invitations'],
  ['4: more people than a day allows', limitOf(20, retryAfter), {}, 'kept | held: invite-too-big'],
  ['4: 5 in 15 minutes', limitOf(5), {}, 'kept | all wait: endpoint'],
  ['4: the sliding minute', limitOf(1500), {}, 'kept | all wait: requests'],
  [
    'a race',
    shapeA(403, 'User already exist.', types.invalid),
    {},
    'kept | attempt failed, next in 0',
  ],
  [
    'a race without end',
    shapeA(403, 'User already exist.', types.invalid),
    { made: 8 },
    'kept | held: invite-conflict',
  ],
  ['no answer', failure('timeout', true), {}, 'kept | attempt failed, next in 0'],
  ['5: 504, the server continues', html(504), {}, 'kept | outage'],
  ['never an answer', html(504), { unanswered: 7 }, 'kept | held: invite-unanswered'],
  ['connection refused', failure('connection-refused', false), { unanswered: 7 }, 'kept | outage'],
])('POST /people/invite, %s', (_, answer, more, expected) => {
  expect(reactionTo(answer, more)).toBe(expected);
});
