import type { HttpAnswer } from './answer.ts';
import { hold, type Seen, unknown } from './seen.ts';
import type { Verdict } from './verdict.ts';

// The members after the list are some 200 characters; the portal's address is the longest of them.
const END_LENGTH = 2000;

/** 2xx: an envelope, or something that only looks like success (docspace-contract trap 11). */
export function classifySuccess(seen: Seen, answeredAt: { answeredAt?: number }): Verdict<unknown> {
  const pending = seen.request.kind === 'invite' ? pendingOfLongList(seen.answer) : undefined;
  if (pending !== undefined) return { kind: 'ok', value: { elided: { pending } }, ...answeredAt };
  switch (seen.body.shape) {
    case 'envelope':
      return { kind: 'ok', value: seen.body.response, ...answeredAt };
    case 'html':
      return hold(seen, 'html-answer');
    case 'empty':
    case 'text':
      return unknown({ ...seen, quote: '' }, 'not-json', 'The answer is no whole JSON');
    default:
      return unknown(seen, 'wrong-envelope', 'The answer is not in the expected form');
  }
}

/**
 * How many people the answer to an invite lists, from the two ends of a body whose middle was left
 * out: the envelope writes the list first and its `count` after it (docspace-contract 0). Undefined
 * when nothing was left out or the ends are not those of a whole envelope.
 */
function pendingOfLongList(answer: HttpAnswer): number | undefined {
  if ((answer.elidedBytes ?? 0) === 0) return undefined;
  if (!/^\s*\{\s*"response"\s*:\s*\[/.test(answer.body)) return undefined;
  const end = /\]\s*,\s*"count"\s*:\s*(\d{1,9})\b[^\]]*(?:\[[^\]]*\][^\]]*)?\}\s*$/.exec(
    answer.body.slice(-END_LENGTH),
  );
  return end?.[1] === undefined ? undefined : Number(end[1]);
}
