import type { HttpAnswer } from './answer.ts';

/** Members after the list take some 200 characters; the portal's address is the longest of them. */
const END_LENGTH = 2000;

/**
 * How many people the answer to an invite lists, from the two ends of a body whose middle was left
 * out: the envelope writes the list first and its `count` after it. Undefined when nothing was left
 * out, or when the ends are not those of a whole envelope.
 */
export function longList(answer: HttpAnswer): number | undefined {
  if ((answer.elidedBytes ?? 0) === 0) return undefined;
  if (!/^\s*\{\s*"response"\s*:\s*\[/.test(answer.body)) return undefined;
  const end = /\]\s*,\s*"count"\s*:\s*(\d{1,9})\b[^\]]*(?:\[[^\]]*\][^\]]*)?\}\s*$/.exec(
    answer.body.slice(-END_LENGTH),
  );
  return end?.[1] === undefined ? undefined : Number(end[1]);
}

/** Whether the two ends of a body whose middle was left out are those of an envelope of one object. */
export function isLongObject(answer: HttpAnswer): boolean {
  if ((answer.elidedBytes ?? 0) === 0) return false;
  if (!/^\s*\{\s*"response"\s*:\s*\{/.test(answer.body)) return false;
  return /\}\s*,\s*"count"\s*:[^{}]*(?:\[[^\]]*\][^{}]*)?\}\s*$/.test(
    answer.body.slice(-END_LENGTH),
  );
}
