import { expect, test } from 'vitest';
import type { Doubt } from '../../src/ledger/rows/row-codec.ts';
import type { Answer } from '../../src/portal/answer.ts';
import { classify, readValue } from '../../src/portal/classify.ts';
import { accountSchema } from '../../src/portal/wire.ts';
import { afterLookUp } from '../../src/worker/create/after-look-up.ts';
import { accountDto, empty, envelope, html, shapeA, shapeB, shapeC } from '../portal/answers.ts';
import { context, types } from '../portal/verdict-of.ts';
import {
  failure,
  limitOf,
  notThere,
  other,
  person,
  raced,
  reactionText,
  refused,
  unanswered,
} from './reaction-text.ts';

interface Look {
  doubt?: Doubt;
  isLast?: boolean;
  ours?: boolean | 'unknown';
}

function reactionTo(answer: Answer, look: Look): string {
  const facts = { kind: 'lookup' } as const;
  const verdict = readValue(facts, classify(facts, answer, context), accountSchema);
  const { doubt = unanswered, isLast = false, ours = false } = look;
  const known = { person, doubt, attempt: { number: 3, isLast }, ours, nextLookMs: 700 };
  return reactionText(afterLookUp(verdict, known));
}

test.each<[string, Answer, Look, string]>([
  ['found, ours', envelope(accountDto), { ours: true }, 'created | completed'],
  ['found, there before', envelope(accountDto), { doubt: refused }, 'existing | completed'],
  [
    'found, disabled',
    envelope({ ...accountDto, status: 2 }),
    {},
    'existing with a warning | completed',
  ],
  ['found under another address', envelope(other), { ours: true }, 'failed | unrecoverable'],
  [
    'found, but nobody knows whose',
    envelope(accountDto),
    { ours: 'unknown' },
    'doubt posting | again in 700',
  ],
  [
    'an account that the portal cannot read, after a refusal',
    shapeA(400, 'Culture is not supported.', types.culture),
    { doubt: refused },
    'failed | unrecoverable',
  ],
  ['absent after a refusal', notThere, { doubt: refused }, 'failed | unrecoverable'],
  ['absent after no answer', notThere, {}, 'doubt cleared | again in 0'],
  ['absent after the last attempt', notThere, { isLast: true }, 'failed | unrecoverable'],
  [
    'absent after a killed worker',
    notThere,
    { doubt: { kind: 'posting' }, isLast: true },
    'doubt cleared | again in 0',
  ],
  [
    '6: absent after a race',
    notThere,
    { doubt: raced },
    'doubt cleared | attempt failed, next in 0',
  ],
  [
    '6: absent after the last race',
    notThere,
    { doubt: raced, isLast: true },
    'failed | unrecoverable',
  ],
  ['no answer', failure('reset', true), {}, 'doubt posting | again in 700'],
  ['500', shapeA(500, 'x', 'System.Exception'), {}, 'doubt posting | again in 700'],
  [
    'no answer for the 20th time',
    failure('reset', true),
    { doubt: { ...unanswered, looks: 19 } },
    'failed | unrecoverable',
  ],
  [
    'a field that it refuses',
    shapeB({ email: ['no'] }),
    { doubt: refused },
    'failed | unrecoverable',
  ],
  ['5: 502 of the proxy', html(502), {}, 'kept | outage'],
  ['connection refused', failure('connection-refused', false), {}, 'kept | outage'],
  ['reads at a time', limitOf(50), {}, 'kept | all wait: concurrency'],
  ['401', empty(401), {}, 'kept | held: key-rejected'],
  [
    '2.2: 403 Access denied',
    shapeA(403, 'Access denied', types.security),
    {},
    'kept | held: access-denied',
  ],
  ['404 shape C', shapeC(404, 'Not Found'), {}, 'kept | held: portal-suspended'],
])('GET /people/email, %s', (_, answer, look, expected) => {
  expect(reactionTo(answer, look)).toBe(expected);
});

test.each([refused, unanswered, raced])(
  'a broken account is named as such, with what helps: %j',
  (doubt) => {
    const facts = { kind: 'lookup' } as const;
    const answer = shapeA(400, 'Culture is not supported.', types.culture);
    const verdict = readValue(facts, classify(facts, answer, context), accountSchema);
    const attempt = { number: 1, isLast: false };
    const { row } = afterLookUp(verdict, { person, doubt, attempt, ours: false, nextLookMs: 0 });
    const reason = expect.stringMatching(/broken on the portal.*database/);
    expect(row).toMatchObject({ state: 'failed', outcome: { code: 'account-broken', reason } });
  },
);
