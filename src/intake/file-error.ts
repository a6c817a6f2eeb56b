import { type ErrorCode, OnboardError } from '../errors.ts';
import { line } from '../printable.ts';
import type { SourceLine } from './entry.ts';

/**
 * Limit of the characters of a record. An unclosed quote takes in the rest of its file; this limit
 * finds it before memory runs out (a real row has about 100 characters).
 */
const MAX_RECORD_LENGTH = 1_048_576;

/**
 * An error about a whole file: `file:line: sentence`, as far as line and column are known. The
 * sentence must not repeat cells of the file, which may be personal data.
 */
export function fileError(
  code: ErrorCode,
  at: { file: string; line?: number; column?: number; cause?: unknown; headers?: string[] },
  sentence: string,
): OnboardError {
  const { cause, ...details } = at;
  const place = [at.file, at.line, at.column].filter((part) => part !== undefined).join(':');
  return new OnboardError(code, line`${place}: ${sentence}`, { cause, details });
}

/** Throws E_FILE_MALFORMED when the record that starts at `at` exceeds the limit. */
export function refuseGiant(length: number, at: SourceLine): void {
  if (length <= MAX_RECORD_LENGTH) return;
  const sentence = `the record that starts here has more than ${MAX_RECORD_LENGTH} characters; look for a quote or bracket that is never closed.`;
  throw fileError('E_FILE_MALFORMED', at, sentence);
}
