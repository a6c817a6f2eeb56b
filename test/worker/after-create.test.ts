import { expect, test } from 'vitest';
import type { Answer } from '../../src/portal/answer.ts';
import { classify, readValue } from '../../src/portal/classify.ts';
import { accountSchema } from '../../src/portal/wire.ts';
import { afterCreate } from '../../src/worker/create/after-create.ts';
import {
  accountDto,
  empty,
  envelope,
  html,
  raw,
  shapeA,
  shapeB,
  shapeC,
} from '../portal/answers.ts';
import { context, types } from '../portal/verdict-of.ts';
import {
  DELAY_MS,
  downgraded,
  epoch,
  failure,
  limitOf,
  other,
  person,
  reactionText,
} from './reaction-text.ts';

function reactionTo(
  answer: Answer,
  attempt: { isLast?: boolean } = {},
  type?: 'RoomAdmin',
): string {
  const facts = { kind: 'create', type: type ?? 'User' } as const;
  const verdict = readValue(facts, classify(facts, answer, context), accountSchema);
  const of = { number: 1, isLast: attempt.isLast ?? false };
  const known = { person, attempt: of, now: context.now, lookUpDelayMs: DELAY_MS };
  return reactionText(afterCreate(verdict, known));
}

test.each<[string, Answer, string]>([
  ['2.1 success', envelope(accountDto), 'created | completed'],
  ['downgraded in silence', envelope(downgraded), 'created with other-role | completed'],
  ['another address', envelope(other), 'created with a warning | completed'],
  [
    'registered, or a bad name',
    shapeA(400, 'Läuft nicht', types.argument),
    'doubt refused | again in 0',
  ],
  ['2.1.2: a field', shapeB({ Email: ['no'] }), 'doubt refused | again in 0'],
  ['an e-mail it cannot parse', shapeA(500, 'x', types.format), 'doubt refused | again in 0'],
  [
    'an unknown culture, after the account',
    shapeA(400, 'x', types.culture),
    'doubt refused | again in 0',
  ],
  ['a lost race', shapeA(403, 'User already exist.', types.invalid), 'doubt conflict | again in 0'],
  [
    '6: Duplicate UserName',
    shapeA(400, 'Duplicate UserName', types.argument),
    'doubt conflict | again in 0',
  ],
  [
    '6: Duplicate Email',
    shapeA(400, 'Duplicate Email', types.argument),
    'doubt conflict | again in 0',
  ],
  [
    'timeout after sending',
    failure('timeout', true),
    'doubt posting | attempt failed, next in 35000',
  ],
  ['reset after sending', failure('reset', true), 'doubt posting | attempt failed, next in 35000'],
  [
    'given up after sending',
    failure('aborted', true),
    'doubt posting | attempt failed, next in 35000',
  ],
  ['408', empty(408), 'doubt posting | attempt failed, next in 35000'],
  ['500', shapeA(500, 'x', 'System.Exception'), 'doubt posting | attempt failed, next in 0'],
  [
    '2.1.13: the database failed',
    shapeA(500, 'x', types.dbUpdate),
    'doubt posting | attempt failed, next in 0',
  ],
  [
    "2.1.10: the portal's lock",
    shapeA(500, 'x', types.lock),
    'doubt posting | attempt failed, next in 0',
  ],
  ['cut short', failure('truncated', true), 'doubt posting | attempt failed, next in 0'],
  [
    'half a JSON',
    raw(200, 'application/json', '{"response":{"id":'),
    'doubt posting | attempt failed, next in 0',
  ],
  ['another JSON', envelope('odd'), 'doubt posting | attempt failed, next in 0'],
  ['5: 502 of the proxy', html(502), 'doubt posting | outage'],
  ['5: 503 of the proxy', html(503), 'doubt posting | outage'],
  ['5: 504 of the proxy', html(504), 'doubt posting | outage'],
  ['connection refused', failure('connection-refused', false), 'doubt cleared | outage'],
  ['no such host', failure('host-not-found', false), 'doubt cleared | outage'],
  ['TLS broke off', failure('tls-failed', false), 'doubt cleared | outage'],
  ['never sent', failure('timeout', false), 'doubt cleared | outage'],
  ['sliding minute', limitOf(1500), 'doubt cleared | all wait: requests'],
  ['writes at a time', limitOf(15), 'doubt cleared | all wait: concurrency'],
  [
    'daily, with Retry-After',
    limitOf(10_000, { 'retry-after': '3600' }),
    'doubt cleared | all wait: daily',
  ],
  [
    'daily, Reset in s',
    limitOf(10_000, { 'x-ratelimit-reset': `${epoch}` }),
    'doubt cleared | all wait: daily',
  ],
  [
    'daily, Reset in ms',
    limitOf(10_000, { 'x-ratelimit-reset': `${epoch}000` }),
    'doubt cleared | all wait: daily',
  ],
  ['no header at all', empty(429), 'doubt cleared | all wait: requests'],
  ['401', empty(401), 'doubt posting | held: key-rejected'],
  [
    '403 Access denied',
    shapeA(403, 'Access denied', types.security),
    'doubt posting | held: access-denied',
  ],
  ['403 empty', empty(403), 'doubt posting | held: key-missing-scope'],
  ['402 unpaid', shapeC(402), 'doubt posting | held: portal-unpaid'],
  ['402 plan', shapeA(402, 'x', types.billing), 'doubt posting | held: plan-limit'],
  ['402 seats', shapeA(402, 'x', types.quota), 'doubt posting | held: quota-exceeded'],
  ['404 shape C, suspended', shapeC(404, 'Not Found'), 'doubt posting | held: portal-suspended'],
  ['403 shape C, moving', shapeC(403, 'Forbidden'), 'doubt posting | held: portal-moving'],
  [
    '2.1.1: IP restriction',
    raw(403, 'text/plain', 'Nein.'),
    'doubt posting | held: address-blocked',
  ],
  ['404 of nginx', html(404), 'doubt posting | held: wrong-address'],
  ['301', empty(301, { location: 'https://p' }), 'doubt posting | held: redirected'],
  ['a page', html(200), 'doubt posting | held: html-answer'],
  [
    'a refused certificate',
    failure('certificate-refused', false),
    'doubt posting | held: certificate-refused',
  ],
  [
    '0: 415',
    raw(415, 'application/json', '{"status":0,"statusCode":200}'),
    'doubt posting | held: content-type-refused',
  ],
])('POST /people, %s', (_, answer, expected) => {
  expect(reactionTo(answer)).toBe(expected);
});

test('POST /people: the last attempt of an unknown outcome is still looked up', () => {
  expect(reactionTo(failure('timeout', true), { isLast: true })).toBe(
    'doubt posting | again in 35000',
  );
  expect(reactionTo(shapeA(500, 'x', 'E'), { isLast: true })).toBe('doubt posting | again in 0');
});

test('403 Access denied to a higher type is about that person', () => {
  const denied = shapeA(403, 'Access denied', types.security);
  expect(reactionTo(denied, {}, 'RoomAdmin')).toBe('doubt refused | again in 0');
});
