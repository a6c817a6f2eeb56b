import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

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

/** The rows of a file of the spool, one at a time. */
export async function* rejectedRows(path: string): AsyncGenerator<RejectedRow> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    yield rejectedRow.parse(JSON.parse(line));
  }
}
