import { describe, expect, it } from 'vitest';
import { empty, envelope, html, raw, shapeA, shapeB, shapeC } from './answers.ts';
import { type Row, types, verdictOf } from './verdict-of.ts';

const answers: Row[] = [
  [
    'Access denied to an invite',
    'invite',
    shapeA(403, 'Access denied', types.security),
    'stopped access-denied',
  ],
  [
    'brute-force 403 with a null type',
    'create',
    shapeA(403, 'Too many attempts'),
    'stopped forbidden',
  ],
  [
    '403 with foreign JSON',
    'create',
    raw(403, 'application/json', '{"blocked":true}'),
    'stopped forbidden',
  ],
  [
    '2.1 step 1: IP restriction, plain text',
    'create',
    raw(403, 'text/plain', 'Access from this IP is restricted'),
    'stopped address-blocked',
  ],
  [
    '2.1 step 1: IP restriction, JSON string',
    'create',
    raw(403, 'application/json', '"Zugriff gesperrt"'),
    'stopped address-blocked',
  ],
  ['403 with an empty body', 'lookup', empty(403), 'stopped key-missing-scope'],
  ['403 shape C', 'create', shapeC(403, 'Forbidden'), 'stopped portal-moving'],
  ['403 page of a firewall', 'create', html(403), 'stopped proxy-refused'],
  ['401', 'create', empty(401), 'stopped key-rejected'],
  ['401 shape A', 'whoami', shapeA(401, 'Unauthorized'), 'stopped key-rejected'],
  ['402 shape C', 'create', shapeC(402), 'stopped portal-unpaid'],
  [
    '402 grace period',
    'create',
    shapeA(402, 'Your pricing plan does not support this option', types.billing),
    'stopped plan-limit',
  ],
  [
    '402 seats',
    'create',
    shapeA(402, 'The number of users should not exceed 3', types.quota),
    'stopped quota-exceeded',
  ],
  [
    '2.6: 402 to an invite',
    'invite',
    shapeA(402, 'The number of admins exceeds the limit: 4/3.', types.quota),
    'stopped quota-exceeded',
  ],
  [
    '404 shape A to an invite',
    'invite',
    shapeA(404, 'Not found', types.notFound),
    'refused invite-refused',
  ],
  [
    '404 shape A to whoami, before 3.1',
    'whoami',
    shapeA(404, 'The record could not be found'),
    'stopped wrong-address',
  ],
  ['404 shape C', 'lookup', shapeC(404, 'Not Found'), 'stopped portal-suspended'],
  ['404 page', 'lookup', html(404), 'stopped wrong-address'],
  ['404 without a body', 'lookup', empty(404), 'stopped wrong-address'],
  ['200 page', 'create', html(200), 'stopped html-answer'],
  ['301', 'create', html(301, { location: 'https://portal.example' }), 'stopped redirected'],
  ['307', 'lookup', empty(307), 'stopped redirected'],
  [
    '415 whose body says 200',
    'create',
    { ...envelope({ title: 'Unsupported Media Type' }), status: 415 },
    'stopped content-type-refused',
  ],
  ['405 of nginx', 'create', html(405), 'stopped wrong-address'],
  ['413 of nginx', 'invite', html(413), 'stopped proxy-refused'],
  ['400 page of nginx', 'create', html(400), 'stopped proxy-refused'],
  [
    'unknown host',
    'create',
    shapeA(500, 'Could not resolve current tenant :-(.', 'System.Exception'),
    'stopped wrong-address',
  ],
  [
    '2.8: invitation limit, localized',
    'invite',
    shapeB({ Invitations: ['Einladungslimit erreicht'] }),
    'refused invitation-limit',
  ],
  [
    'a malformed entry',
    'invite',
    shapeB({ 'Invitations[0].Email': ['not valid'] }),
    'refused invite-refused',
  ],
  [
    'refusal in the middle',
    'invite',
    shapeA(400, 'Incorrect email', types.argument),
    'refused invite-refused',
  ],
  ['400 to settings', 'settings', shapeA(400, 'bad'), 'stopped unexpected-answer'],
];

describe('an answer that stops everything', () => {
  it.each(answers)('%s (%s)', (_what, request, answer, verdict) => {
    expect(verdictOf(request, answer)).toBe(verdict);
  });
});

describe("403 'Access denied'", () => {
  const denied = shapeA(403, 'Access denied', types.security);

  it('2.1 step 4: is about the person when more than a User was asked for', () => {
    const verdict = verdictOf({ kind: 'create', type: 'DocSpaceAdmin' }, denied);
    expect(verdict).toBe('refused type-not-allowed');
  });

  it('stops everything for a User and for any other request', () => {
    expect(verdictOf({ kind: 'create', type: 'User' }, denied)).toBe('stopped access-denied');
    expect(verdictOf({ kind: 'lookup', type: 'RoomAdmin' }, denied)).toBe('stopped access-denied');
  });
});
