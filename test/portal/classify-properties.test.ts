import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Answer, RequestFacts } from '../../src/portal/answer.ts';
import { classify, readValue } from '../../src/portal/classify.ts';
import { invitedSchema, keyInfoSchema, settingsSchema } from '../../src/portal/portal-facts.ts';
import { accountSchema } from '../../src/portal/wire.ts';
import { accountDto, envelope, shapeA, shapeB, shapeC } from './answers.ts';

const kinds = ['create', 'lookup', 'invite', 'whoami', 'settings'] as const;
const closedSet = [
  'ok',
  'absent',
  'refused',
  'conflict',
  'rate-limited',
  'unknown',
  'unreachable',
  'stopped',
];
const key = 'sk-0123456789abcdef';
const email = 'jane.roe@example.com';

const headerNames = [
  'date',
  'retry-after',
  'x-ratelimit-limit',
  'x-ratelimit-reset',
  'content-type',
];
const headers = fc.dictionary(
  fc.oneof(fc.constantFrom(...headerNames), fc.string()),
  fc.oneof(fc.string(), fc.integer().map(String), fc.date({ noInvalidDate: true }).map(String)),
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(`${email} ${key}`, 'Access denied', 'User already exist.', 'Duplicate Email'),
);
const wholeBody = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  text.map((message) => shapeA(400, message).body),
  text.map((message) => shapeB({ Email: [message] }).body),
  text.map((title) => shapeC(404, title).body),
  fc.jsonValue().map((value) => envelope(value).body),
  fc.constant(envelope(accountDto).body),
);
// Also cut anywhere, as a proxy may do.
const body = fc
  .tuple(wholeBody, fc.double({ min: 0, max: 2, noNaN: true }))
  .map(([whole, part]) => whole.slice(0, Math.ceil(whole.length * part)));
const status = fc.oneof(
  fc.constantFrom(200, 301, 400, 401, 402, 403, 404, 415, 429, 500, 502),
  fc.integer({ min: -1, max: 1100 }),
);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ status, headers, body }) },
  {
    weight: 1,
    arbitrary: fc.record({
      failure: fc.record({
        code: fc.constantFrom('timeout', 'reset', 'network-failed', 'certificate-refused'),
        sent: fc.boolean(),
      }),
    }),
  },
);
const request: fc.Arbitrary<RequestFacts> = fc.record(
  { kind: fc.constantFrom(...kinds), type: fc.constantFrom('User', 'RoomAdmin', 'All') },
  { requiredKeys: ['kind'] },
);
const context = { now: Date.parse('2026-07-01T10:00:00Z'), random: () => 0.5, secret: key };

it('gives one verdict of the closed set for any answer and never throws', () => {
  const property = fc.property(request, answer, (facts, seen) => {
    const verdict = classify(facts, seen, context);
    expect(closedSet).toContain(verdict.kind);
    if (verdict.kind === 'absent') expect(facts.kind).toBe('lookup');
    if (verdict.kind === 'rate-limited') expect(verdict.waitMs).toBeGreaterThan(0);
    if (verdict.kind === 'stopped') expect(verdict.remedy).not.toBe('');
  });
  fc.assert(property, { numRuns: 2000 });
});

it('keeps keys and e-mails out of every reason, and every reason short', () => {
  const property = fc.property(request, answer, (facts, seen) => {
    const verdict = classify(facts, seen, context);
    if (!('reason' in verdict)) return;
    expect(verdict.reason).not.toContain(key);
    expect(verdict.reason).not.toContain(email);
    expect(verdict.reason.length).toBeLessThan(320);
    expect(verdict.reason).not.toMatch(/[\r\n]/);
  });
  fc.assert(property, { numRuns: 2000 });
});

it('waits no longer than 25 hours and some seconds, whatever the headers say', () => {
  const property = fc.property(request, headers, (facts, given) => {
    const verdict = classify(facts, { status: 429, headers: given, body: '' }, context);
    if (verdict.kind !== 'rate-limited') throw new Error(verdict.kind);
    expect(Number.isSafeInteger(verdict.waitMs)).toBe(true);
    expect(verdict.waitMs).toBeLessThan(25.01 * 3_600_000);
  });
  fc.assert(property, { numRuns: 1000 });
});

it('reads any value through any schema to a verdict', () => {
  const schemas = [accountSchema, keyInfoSchema, settingsSchema, invitedSchema] as const;
  const property = fc.property(request, fc.jsonValue(), (facts, value) => {
    for (const schema of schemas) {
      const verdict = readValue<unknown>(facts, { kind: 'ok', value }, schema);
      expect(['ok', 'unknown', 'stopped']).toContain(verdict.kind);
    }
  });
  fc.assert(property, { numRuns: 500 });
});
