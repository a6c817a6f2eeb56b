import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/portal/answer.ts';
import { classify } from '../../src/portal/classify.ts';
import type { FailureCode } from '../../src/portal/failure-code.ts';
import { accountDto, empty, envelope, html, raw, shapeA, shapeB } from './answers.ts';
import { context, type Row, types, verdictOf } from './verdict-of.ts';

const answers: Row[] = [
  ['200 with an account', 'create', envelope(accountDto), 'ok'],
  ['201, as the docs say wrongly', 'create', { ...envelope(accountDto), status: 201 }, 'ok'],
  [
    'InvalidOperation to a lookup',
    'lookup',
    shapeA(403, 'Collection was modified', types.invalid),
    'unknown server-error',
  ],
  [
    '404 shape A to a lookup',
    'lookup',
    shapeA(404, 'The user could not be found', types.notFound),
    'absent',
  ],
  [
    '404 shape A to a lookup, localized and without a type',
    'lookup',
    shapeA(404, 'Nicht gefunden'),
    'absent',
  ],
  [
    'a missing file is not an absent person',
    'lookup',
    shapeA(404, 'Could not find file', types.noFile),
    'unknown server-error',
  ],
  ['408 of a proxy', 'create', empty(408), 'unknown timeout'],
  ['500', 'create', shapeA(500, 'An error occurred', types.dbUpdate), 'unknown server-error'],
  ['500 with an empty body', 'create', empty(500), 'unknown server-error'],
  ['500 page', 'create', html(500), 'unknown gateway-error'],
  ['502 page', 'create', html(502), 'unknown gateway-error'],
  ['503 shape A', 'lookup', shapeA(503, 'Service Unavailable'), 'unknown gateway-error'],
  ['504 page', 'invite', html(504), 'unknown gateway-error'],
  ['522 of a content network', 'create', empty(522), 'unknown gateway-error'],
  [
    "2.1 step 10: the portal's lock",
    'create',
    shapeA(500, 'Failed to acquire lock', types.lock),
    'unknown portal-lock',
  ],
  [
    'FormatException to an invite may come after mails',
    'invite',
    shapeA(500, 'bad', types.format),
    'unknown server-error',
  ],
  [
    'truncated 200',
    'create',
    raw(200, 'application/json', '{"response":{"id":"5b1e'),
    'unknown not-json',
  ],
  ['empty 200', 'create', empty(200), 'unknown not-json'],
  [
    '200 that is no envelope',
    'create',
    raw(200, 'application/json', '{"ok":true}'),
    'unknown wrong-envelope',
  ],
  [
    '200 with an error inside',
    'create',
    { ...shapeA(500, 'late failure'), status: 200 },
    'unknown wrong-envelope',
  ],
  ['a status of no meaning', 'create', empty(418), 'unknown unexpected-status'],
];

describe('an answer that says yes, no or nothing', () => {
  it.each(answers)('%s (%s)', (_what, request, answer, verdict) => {
    expect(verdictOf(request, answer)).toBe(verdict);
  });
});

const failures: Row[] = [
  ['timeout after sending', 'create', failed('timeout', true), 'unknown timeout'],
  ['reset after sending', 'create', failed('reset', true), 'unknown reset'],
  ['answer that broke off', 'create', failed('truncated', true), 'unknown truncated'],
  ['given up after sending', 'create', failed('aborted', true), 'unknown aborted'],
  ['any other failure after sending', 'create', failed('network-failed', true), 'unknown reset'],
  ['connection refused', 'create', failed('connection-refused'), 'unreachable connection-refused'],
  ['no such host', 'create', failed('host-not-found'), 'unreachable host-not-found'],
  ['no connection in time', 'create', failed('connect-timeout'), 'unreachable connect-timeout'],
  ['TLS that does not come about', 'create', failed('tls-failed'), 'unreachable tls-failed'],
  ['reset before TLS stands', 'create', failed('reset'), 'unreachable network-failed'],
  ['deadline while waiting for a connection', 'create', failed('timeout'), 'unreachable not-sent'],
  ['given up before sending', 'create', failed('aborted'), 'unreachable not-sent'],
  ['certificate refused', 'create', failed('certificate-refused'), 'stopped certificate-refused'],
  ['a key that no header can carry', 'create', failed('key-unusable'), 'stopped key-rejected'],
];

function failed(code: FailureCode, sent = false): Answer {
  return { failure: { code, sent } };
}

describe('an exchange without an answer', () => {
  it.each(failures)('%s (%s)', (_what, request, answer, verdict) => {
    expect(verdictOf(request, answer)).toBe(verdict);
  });

  it("gives the portal's clock with a success and with an absence", () => {
    const headers = { date: 'Wed, 01 Jul 2026 10:20:30 GMT' };
    const answeredAt = Date.parse('2026-07-01T10:20:30Z');
    const found = classify({ kind: 'lookup' }, envelope(accountDto, headers), context);
    const missing = { ...shapeA(404, 'no', types.notFound), headers };
    expect(found).toMatchObject({ kind: 'ok', answeredAt, value: accountDto });
    expect(classify({ kind: 'lookup' }, missing, context)).toEqual({ kind: 'absent', answeredAt });
    expect(classify({ kind: 'lookup' }, envelope(accountDto), context)).toHaveProperty(
      'answeredAt',
      undefined,
    );
  });

  it("quotes the portal's sentence beside our own with the status, e-mails masked", () => {
    const answer = shapeA(400, 'User disabled: john.doe@example.com', types.argument);
    expect(classify({ kind: 'invite' }, answer, context)).toEqual({
      kind: 'refused',
      code: 'invite-refused',
      reason: 'The portal refused the invite (HTTP 400): "User disabled: j***@example.com".',
      about: { emails: ['john.doe@example.com'], indexes: [] },
    });
  });

  it('names the field that the portal refuses', () => {
    const answer = shapeB({ LastName: ['Too long.'], '': ['Empty body.'] });
    const verdict = classify({ kind: 'create' }, answer, context);
    expect(verdict).toMatchObject({
      reason: 'The portal refused this person (HTTP 400): "LastName: Too long. Empty body.".',
    });
  });

  it("explains a failure by the system's code", () => {
    const failure = { code: 'connection-refused', sent: false, detail: 'ECONNREFUSED' } as const;
    expect(classify({ kind: 'create' }, { failure }, context)).toMatchObject({
      reason: 'The portal refuses connections (ECONNREFUSED).',
    });
  });

  it('never repeats an answer that echoes the key', () => {
    const answer = shapeA(500, 'bad header: Bearer sk-feed');
    const verdict = classify({ kind: 'create' }, answer, context);
    expect(JSON.stringify(verdict)).not.toContain('sk-feed');
  });
});

describe('the answer to a huge invite, its middle left out', () => {
  const elided = (end: string) => ({
    ...raw(200, 'application/json', `{"response":[{"id":"1"},{"displayName":"x${end}`),
    elidedBytes: 70_000_000,
  });
  const whole =
    'y"}],"count":100000,"links":[{"href":"https://host/api/2.0/people/invite","action":"POST"}],"status":0,"statusCode":200}';

  it('is a success with the number of pending people when both ends are whole', () => {
    const verdict = classify({ kind: 'invite' }, elided(whole), context);
    expect(verdict).toEqual({ kind: 'ok', value: { elided: { pending: 100_000 } } });
  });

  it.each([
    ['is cut off', whole.slice(0, -1)],
    ['ends inside the list', 'y"},{"id":"2"}'],
    ['has no count', 'y"}]}'],
  ])('is unknown when it %s', (_what, end) => {
    expect(verdictOf('invite', elided(end))).toBe('unknown wrong-envelope');
  });

  it('is not taken for an account', () => {
    expect(verdictOf('create', elided(whole))).toBe('unknown wrong-envelope');
  });
});
