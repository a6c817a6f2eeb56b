import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Answer, RequestFacts } from '../../src/portal/answer.ts';
import { classify, readValue } from '../../src/portal/classify.ts';
import { KeptBody } from '../../src/portal/kept-body.ts';
import { invitedSchema, keyInfoSchema, settingsSchema } from '../../src/portal/portal-facts.ts';
import { accountSchema } from '../../src/portal/wire.ts';
import { answers, type Echo, echoes, headers, requests } from './answers.ts';
import { holds } from './holds.ts';

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
const now = Date.parse('2026-07-01T10:00:00Z');
const context = ({ key }: Echo) => ({ now, random: () => 0.5, secret: key });

/** Any request, what it is about, and any answer to it, which may repeat key and address. */
const exchanges: fc.Arbitrary<[RequestFacts, Echo, Answer]> = fc
  .tuple(requests, echoes)
  .chain(([request, echo]) => fc.tuple(fc.constant(request), fc.constant(echo), answers(echo)));

it('gives one verdict of the closed set for any answer and never throws', async () => {
  const seen = new Set<string>();
  await holds(exchanges, ([facts, echo, answer]) => {
    const verdict = classify(facts, answer, context(echo));
    expect(closedSet).toContain(verdict.kind);
    if (verdict.kind === 'absent') expect(facts.kind).toBe('lookup');
    if (verdict.kind === 'rate-limited') expect(verdict.waitMs).toBeGreaterThan(0);
    if (verdict.kind === 'stopped') expect(verdict.remedy).not.toBe('');
    if ('code' in verdict) expect(verdict.code).toMatch(/^[a-z-]+$/);
    seen.add(verdict.kind);
  });
  expect(seen.size).toBeGreaterThan(4);
});

it('keeps keys and e-mails out of whatever it says, and every reason short', async () => {
  let quoted = 0;
  await holds(exchanges, ([facts, echo, answer]) => {
    const verdict = classify(facts, answer, context(echo));
    if (!('reason' in verdict)) return;
    // `about` has the addresses that the portal named, to find their rows; no output has it.
    const { value: _, about: __, ...said } = { value: undefined, about: undefined, ...verdict };
    const text = JSON.stringify(said).toLowerCase();
    expect(text).not.toContain(echo.key.toLowerCase());
    expect(text).not.toContain(echo.email.toLowerCase());
    expect(text).not.toContain(encodeURIComponent(echo.email).toLowerCase());
    expect(verdict.reason.length).toBeLessThan(320);
    expect(verdict.reason).not.toMatch(/[\r\n]/);
    if (verdict.reason.includes('"')) quoted += 1;
  });
  expect(quoted).toBeGreaterThan(0);
});

it('waits no longer than 25 hours and some seconds, whatever the headers say', async () => {
  await holds(fc.tuple(requests, headers), ([facts, given]) => {
    const answer = { status: 429, headers: given, body: '' };
    const verdict = classify(facts, answer, { now, random: () => 0.5 });
    if (verdict.kind !== 'rate-limited') throw new Error(verdict.kind);
    expect(Number.isSafeInteger(verdict.waitMs)).toBe(true);
    expect(verdict.waitMs).toBeLessThan(25.01 * 3_600_000);
  });
});

const schemas = [accountSchema, keyInfoSchema, settingsSchema, invitedSchema] as const;

it('reads any value, and any answer, through any schema to a verdict', async () => {
  await holds(fc.tuple(exchanges, fc.jsonValue()), ([[facts, echo, answer], value]) => {
    const told = classify(facts, answer, context(echo));
    for (const schema of schemas) {
      for (const verdict of [told, { kind: 'ok', value } as const]) {
        const read = readValue<unknown>(facts, verdict, schema);
        expect(closedSet).toContain(read.kind);
        if (verdict.kind !== 'ok') expect(read).toBe(verdict);
        else expect(['ok', 'unknown', 'stopped']).toContain(read.kind);
      }
    }
  });
});

it('keeps the two ends of any body in constant memory', async () => {
  const pieces = fc.array(fc.nat(200_000), { maxLength: 12 });
  const check = (sizes: number[]) => {
    const body = new KeptBody();
    for (const [index, size] of sizes.entries()) body.push(Buffer.alloc(size, index % 10));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const kept = body.read();
    expect(Buffer.byteLength(kept.body) + (kept.elidedBytes ?? 0)).toBe(total);
    expect(Buffer.byteLength(kept.body)).toBeLessThanOrEqual(260 * 1024);
  };
  await holds(pieces, check, { share: 0.1 });
});
