import { describe, expect, it } from 'vitest';
import { raw, shapeA, shapeB } from './answers.ts';
import { type Row, types, verdictOf } from './verdict-of.ts';

const answers: Row[] = [
  [
    'localized 400, registered',
    'create',
    shapeA(400, 'E-Mail ist schon registriert', types.argument),
    'refused bad-request',
  ],
  [
    '400 of the name pattern',
    'create',
    shapeA(400, 'Incorrect firstname or lastname', types.argument),
    'refused bad-request',
  ],
  [
    '400 for a disabled account',
    'create',
    shapeA(400, 'User with this email is already registered'),
    'refused bad-request',
  ],
  [
    '2.1 step 2: a field that is invalid',
    'create',
    shapeB({ Email: ['The Email field is not valid.'] }),
    'refused invalid-field',
  ],
  [
    '2.1 step 2: a body that is malformed',
    'create',
    shapeB({ $: ['Invalid JSON.'] }),
    'refused invalid-field',
  ],
  [
    'shape B without its wrapper',
    'create',
    raw(400, 'application/problem+json', '{"status":400,"errors":{"Email":["bad"]}}'),
    'refused invalid-field',
  ],
  [
    'unknown culture',
    'create',
    shapeA(400, 'Culture is not supported.', types.culture),
    'refused culture-unknown',
  ],
  [
    'FormatException',
    'create',
    shapeA(500, 'The specified string is not in the form', types.format),
    'refused email-unparseable',
  ],
  [
    'Duplicate UserName',
    'create',
    shapeA(400, 'Duplicate UserName', types.argument),
    'conflict duplicate',
  ],
  [
    'Duplicate Email',
    'create',
    shapeA(400, 'Duplicate Email', types.argument),
    'conflict duplicate',
  ],
  [
    'User already exist.',
    'create',
    shapeA(403, 'User already exist.', types.invalid),
    'conflict user-already-exists',
  ],
  [
    'User already exist., without a type',
    'create',
    shapeA(403, 'User already exist.'),
    'conflict user-already-exists',
  ],
  [
    'InvalidOperation with another text',
    'create',
    shapeA(403, 'Cannot access a disposed object.', types.disposed),
    'conflict invalid-operation',
  ],
  [
    'the race in the middle of an invite',
    'invite',
    shapeA(403, 'User already exist.', types.invalid),
    'conflict user-already-exists',
  ],
  [
    '404 shape A to a creation',
    'create',
    shapeA(404, 'Not found', types.notFound),
    'refused not-found',
  ],
  [
    '2.2: an address that the lookup refuses',
    'lookup',
    shapeB({ email: ['not valid'] }),
    'refused invalid-field',
  ],
  ['2.2: 400 to a lookup', 'lookup', shapeA(400, 'Value cannot be null.'), 'refused bad-request'],
];

describe('an answer about one person, or a race', () => {
  it.each(answers)('%s (%s)', (_what, request, answer, verdict) => {
    expect(verdictOf(request, answer)).toBe(verdict);
  });
});
