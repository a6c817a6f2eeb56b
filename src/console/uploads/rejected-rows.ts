import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { codeOf, OnboardError } from '../../errors.ts';

/** Rows of a plan that are listed; all are counted. A line of 2 bytes takes 200 in the file. */
export const MOST_LISTED = 1_000_000;

/** A row that stays out, in the columns of a list of people. */
const rejectedRow = z.object({
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  type: z.string(),
  culture: z.string(),
  department: z.string(),
  comment: z.string(),
  file: z.string(),
  line: z.number(),
  code: z.string(),
  reason: z.string(),
});
export type RejectedRow = z.infer<typeof rejectedRow>;

/**
 * The rows of a file of the spool, one at a time.
 * @throws {OnboardError} E_PLAN_UNKNOWN where the file was removed
 */
export async function openRejected(path: string): Promise<AsyncGenerator<RejectedRow>> {
  try {
    const file = await open(path);
    return rowsIn(file.createReadStream());
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    const text = 'the rows of this plan are no longer here: upload the list again';
    throw new OnboardError('E_PLAN_UNKNOWN', text, { cause: error });
  }
}

async function* rowsIn(input: Readable): AsyncGenerator<RejectedRow> {
  try {
    for await (const line of createInterface({ input })) yield rejectedRow.parse(JSON.parse(line));
  } finally {
    // A download that breaks off would leave the file open.
    input.destroy();
  }
}
