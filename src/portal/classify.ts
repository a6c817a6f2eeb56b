import type { z } from 'zod';
import type { Answer, RequestFacts, RequestKind, TransportFailure } from './answer.ts';
import { meanings } from './failure-code.ts';
import { type ClassifyContext, see, stopped } from './make-verdict.ts';
import { applyRules } from './rules.ts';
import { unknownTexts, unreachableTexts, type Verdict } from './verdict.ts';

/** Requests about people and their groups; all others ask what the portal and the key are like. */
const aboutPeople: readonly RequestKind[] = [
  'create',
  'lookup',
  'invite',
  'resend',
  'set-type',
  'create-group',
  'add-members',
];

/** The one place where an answer gets its meaning. Pure; never throws, whatever the answer. */
export function classify(
  request: RequestFacts,
  answer: Answer,
  context: ClassifyContext,
): Verdict<unknown> {
  if ('failure' in answer) return classifyFailure(answer.failure);
  return applyRules(see(request, answer, context));
}

/** The verdict on an exchange without an answer: what counts is whether anything was sent. */
function classifyFailure({ code, sent, detail }: TransportFailure): Verdict<never> {
  if (code === 'certificate-refused') return stopped(code, { why: detail });
  if (code === 'key-unusable') {
    return stopped('key-rejected', { why: 'the key holds characters that no header can carry' });
  }
  if (code === 'proxy-login') return stopped('proxy-login', { why: detail });
  if (code === 'proxy-denied') return stopped('proxy-refused', { why: detail });
  const [unsentCode, sentCode] = meanings[code];
  const reason = (what: string) => (detail === undefined ? `${what}.` : `${what} (${detail}).`);
  return sent
    ? { kind: 'unknown', code: sentCode, reason: reason(unknownTexts[sentCode]) }
    : { kind: 'unreachable', code: unsentCode, reason: reason(unreachableTexts[unsentCode]) };
}

/**
 * The value of an `ok`, read through a schema. A body that does not fit leaves open whether a
 * creation, lookup or invite worked. For the other reads it is a hold: they come first, and the
 * answer shows that this is no portal that we know.
 */
export function readValue<T>(
  request: RequestFacts,
  verdict: Verdict<unknown>,
  schema: z.ZodType<T>,
): Verdict<T> {
  if (verdict.kind !== 'ok') return verdict;
  const parsed = schema.safeParse(verdict.value);
  if (parsed.success) return { ...verdict, value: parsed.data };
  if (!aboutPeople.includes(request.kind)) return stopped('unexpected-answer');
  const code = 'wrong-envelope';
  return { kind: 'unknown', code, reason: `${unknownTexts[code]}.` };
}
