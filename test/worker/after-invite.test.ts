import { expect, test } from 'vitest';
import type { Answer } from '../../src/portal/answer.ts';
import { classify, readValue } from '../../src/portal/classify.ts';
import { invitedSchema } from '../../src/portal/portal-facts.ts';
import { type AfterInvite, afterInvite } from '../../src/worker/invite/after-invite.ts';
import { envelope, html, shapeA, shapeB } from '../portal/answers.ts';
import { context, types } from '../portal/verdict-of.ts';
import { epoch, failure, limitOf, reactionText } from './reaction-text.ts';

type More = { made?: number } & Partial<AfterInvite>;

/** The reaction as text: what the job does, who is left out, how requests are cut, what gates it. */
function reactionTo(answer: Answer, { made = 1, ...more }: More = {}): string {
  const facts = { kind: 'invite' } as const;
  const verdict = readValue(facts, classify(facts, answer, context), invitedSchema);
  const { outcome, leaveOut, part, stuck } = afterInvite(verdict, {
    people: 30,
    type: 'All',
    unanswered: 0,
    attempts: { made, most: 8 },
    named: 0,
    part: { refusedInRow: 0 },
    now: 1000,
    limitPauseMs: 500,
    ...more,
  });
  const cut = part && Object.entries(part).map((each) => each.join(' '));
  const gate = stuck && [`gate ${stuck.code}`, ...(stuck.until ? [`until ${stuck.until}`] : [])];
  const parts = [reactionText({ outcome }).replace('kept | ', ''), leaveOut, cut?.join(', ')];
  return [...parts, gate?.join(' ')].filter((text) => text !== undefined).join(' | ');
}

const retryAfter = { 'retry-after': '80000', 'x-ratelimit-reset': `${epoch}` };

test.each<[string, Answer, More, string]>([
  ['accepted', envelope([]), {}, 'completed | refusedInRow 0'],
  [
    'accepted in the middle of a search: twice as many the next time',
    envelope([]),
    { part: { atMost: 4, refusedInRow: 3 } },
    'completed | refusedInRow 0, atMost 8',
  ],
  [
    'more people than invitations are left: parts of what is left',
    shapeB({ Invitations: ['x'] }),
    { left: 12 },
    'again in 0 | refusedInRow 0, cap 12',
  ],
  [
    'more people than are left, and a key that may not read how many: half of them',
    shapeB({ Invitations: ['x'] }),
    {},
    'again in 0 | refusedInRow 0, cap 15',
  ],
  [
    'no invitation is left: tried again later',
    shapeB({ Invitations: ['x'] }),
    { left: 0 },
    'again in 500 | refusedInRow 0 | gate invitation-limit until 1500',
  ],
  [
    'a refused entry that nobody is named for: half of them',
    shapeA(400, 'Incorrect email', types.argument),
    {},
    'again in 0 | refusedInRow 0, atMost 15',
  ],
  [
    'a refused entry, alone: left out',
    shapeA(400, 'Incorrect email', types.argument),
    { people: 1 },
    'again in 0 | only | refusedInRow 1, atMost 1',
  ],
  [
    'the tenth refusal of one person in a row: the fault is in the request',
    shapeA(400, 'Incorrect email', types.argument),
    { people: 1, part: { refusedInRow: 9 } },
    'again in 0 | refusedInRow 9 | gate invite-refused',
  ],
  [
    'a disabled account that is named: left out',
    shapeA(400, 'User disabled: a@b.c', types.argument),
    { named: 1 },
    'again in 0 | named',
  ],
  ['402 of the seats for Users', shapeA(402, 'x', types.quota), {}, 'held: quota-exceeded'],
  [
    '402 of the seats for administrators',
    shapeA(402, 'x', types.quota),
    { type: 'RoomAdmin' },
    'again in 0 | refusedInRow 0, atMost 15',
  ],
  ['403', shapeA(403, 'Access denied', types.security), {}, 'held: access-denied'],
  [
    '403 for administrators',
    shapeA(403, 'Access denied', types.security),
    { type: 'DocSpaceAdmin' },
    'again in 0 | refusedInRow 0 | gate invite-refused',
  ],
  ["the day's invitations", limitOf(100, retryAfter), {}, 'all wait: invitations'],
  [
    'more people than a day allows',
    limitOf(20, retryAfter),
    {},
    'again in 0 | refusedInRow 0 | gate invite-too-big',
  ],
  ['5 in 15 minutes', limitOf(5), {}, 'all wait: endpoint'],
  ['the sliding minute', limitOf(1500), {}, 'all wait: requests'],
  ['a race', shapeA(403, 'User already exist.', types.invalid), {}, 'attempt failed, next in 0'],
  [
    'a race without end',
    shapeA(403, 'User already exist.', types.invalid),
    { made: 8 },
    'again in 0 | refusedInRow 0 | gate invite-conflict',
  ],
  ['no answer', failure('timeout', true), {}, 'attempt failed, next in 0'],
  [
    'no answer, and no attempt is left',
    failure('timeout', true),
    { made: 8 },
    'again in 0 | refusedInRow 0 | gate invite-unanswered',
  ],
  ['504, the server continues', html(504), {}, 'outage'],
  [
    'never an answer',
    html(504),
    { unanswered: 7 },
    'again in 0 | refusedInRow 0 | gate invite-unanswered',
  ],
  ['connection refused', failure('connection-refused', false), { unanswered: 7 }, 'outage'],
])('POST /people/invite, %s', (_, answer, more, expected) => {
  expect(reactionTo(answer, more)).toBe(expected);
});
