import type { z } from 'zod';
import type { Answer, RequestFacts, RequestKind } from './answer.ts';
import { classifyBadRequest } from './classify-bad-request.ts';
import { classifyForbidden, classifyNotFound, classifyPayment } from './classify-denial.ts';
import { classifyFailure } from './classify-failure.ts';
import { classifyServerError } from './classify-server-error.ts';
import { classifySuccess } from './classify-success.ts';
import { stopped } from './holds.ts';
import { rateLimited } from './rate-limit.ts';
import { type ClassifyContext, hold, look, type Seen, unknown } from './seen.ts';
import type { HoldCode, Verdict } from './verdict.ts';

const LAST_STATUS_OF_ANY_SERVER = 599;

/** Requests about people; all others ask what the portal and the key are like. */
const ofPeople: readonly RequestKind[] = ['create', 'lookup', 'invite'];

// 4xx that only something in front of the portal answers (docspace-contract 5), and 415.
const holdByStatus: Readonly<Record<number, HoldCode>> = {
  401: 'key-rejected',
  405: 'wrong-address',
  407: 'proxy-refused',
  413: 'proxy-refused',
  414: 'proxy-refused',
  415: 'content-type-refused',
  421: 'wrong-address',
  431: 'proxy-refused',
  451: 'proxy-refused',
};

/**
 * The one place where an answer gets its meaning. Pure; never throws, whatever the answer.
 * Only the HTTP status is trusted, not the `statusCode` in a body (docspace-contract 0).
 */
export function classify(
  request: RequestFacts,
  answer: Answer,
  context: ClassifyContext,
): Verdict<unknown> {
  if ('failure' in answer) return classifyFailure(answer.failure);
  return classifyStatus(look(request, answer, context));
}

function classifyStatus(seen: Seen): Verdict<unknown> {
  const { status } = seen;
  if (status >= 200 && status < 300) return classifySuccess(seen, answeredAtOf(seen));
  if (status >= 300 && status < 400) return hold(seen, 'redirected');
  if (status >= 500 && status <= LAST_STATUS_OF_ANY_SERVER) return classifyServerError(seen);
  const code = holdByStatus[status];
  return code === undefined ? classifyRefusal(seen) : hold(seen, code);
}

function classifyRefusal(seen: Seen): Verdict<unknown> {
  switch (seen.status) {
    case 400:
      return classifyBadRequest(seen);
    case 402:
      return classifyPayment(seen);
    case 403:
      return classifyForbidden(seen);
    case 404:
      return classifyNotFound(seen, answeredAtOf(seen));
    case 408:
      return unknown(seen, 'timeout', 'The proxy gave up waiting for the request');
    case 429:
      return rateLimited(seen.request.kind, seen.answer, seen.context);
    default:
      return unknown(seen, 'unexpected-status', 'The portal answered with a status of no meaning');
  }
}

function answeredAtOf(seen: Seen): { answeredAt?: number } {
  const time = Date.parse(seen.answer.headers.date ?? '');
  return Number.isNaN(time) ? {} : { answeredAt: time };
}

/**
 * The value of an `ok` read through a schema. A body that does not fit leaves open whether a
 * creation, lookup or invite worked; for the other reads it is a hold, for they come first and tell
 * that this is no portal that we know.
 */
export function readValue<T>(
  request: RequestFacts,
  verdict: Verdict<unknown>,
  schema: z.ZodType<T>,
): Verdict<T> {
  if (verdict.kind !== 'ok') return verdict;
  const parsed = schema.safeParse(verdict.value);
  if (parsed.success) return { ...verdict, value: parsed.data };
  if (!ofPeople.includes(request.kind)) return stopped('unexpected-answer');
  const reason = 'The answer is not in the expected form.';
  return { kind: 'unknown', code: 'wrong-envelope', reason };
}
