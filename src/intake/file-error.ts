import { type ErrorCode, OnboardError } from '../errors.ts';
import type { SourceLine } from './entry.ts';

/**
 * The most characters that one record may have. A quote that is never closed swallows the rest of
 * its file; this bound finds it before memory is gone (a real row has some 100 characters).
 */
const MAX_RECORD_LENGTH = 1_048_576;

/**
 * An error about a file as a whole: `file:line: sentence`, or `file: sentence` without a line.
 * The sentence must not repeat cells of the file, which may hold a person's e-mail.
 */
export function fileError(
  code: ErrorCode,
  at: { file: string; line?: number },
  sentence: string,
): OnboardError {
  const place = at.line === undefined ? at.file : `${at.file}:${at.line}`;
  return new OnboardError(code, `${place}: ${sentence}`, { details: { ...at } });
}

/** Throws E_FILE_MALFORMED when the record that starts at `at` has outgrown the bound. */
export function refuseGiant(length: number, at: SourceLine): void {
  if (length <= MAX_RECORD_LENGTH) return;
  throw fileError(
    'E_FILE_MALFORMED',
    at,
    `the record that starts here has more than ${MAX_RECORD_LENGTH} characters; look for a quote or bracket that is never closed.`,
  );
}
