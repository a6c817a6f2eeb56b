import { z } from 'zod';
import { type Remark, remarkCodeNames } from '../../people/remark.ts';
import { parseJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';

/** Most remarks of a batch; a submission may have any number of files. */
const MOST_REMARKS = 50;

const remarksSchema = z.array(z.object({ code: z.enum(remarkCodeNames), text: z.string() }));

/** The remarks as the record of a batch holds them; undefined for none. */
export function storedRemarks(remarks: readonly Remark[]): string | undefined {
  return remarks.length === 0 ? undefined : JSON.stringify(remarks.slice(0, MOST_REMARKS));
}

/** Adds remarks that were found after the submission; those that the batch has are not repeated. */
export async function addRemarks(
  ledger: Ledger,
  batch: string,
  remarks: readonly Remark[],
): Promise<void> {
  const known = await readRemarks(ledger, batch);
  const fresh = remarks.filter(({ text }) => known.every((remark) => remark.text !== text));
  const stored = storedRemarks([...known, ...fresh]);
  if (fresh.length === 0 || stored === undefined) return;
  await ledger.redis.hset(ledger.keys.record(batch), 'remarks', stored);
}

/** Sentences about the list of a batch, which are removed with its people; none for damaged text. */
export async function readRemarks({ redis, keys }: Ledger, batch: string): Promise<Remark[]> {
  const text = await redis.hget(keys.record(batch), 'remarks');
  return remarksSchema.safeParse(parseJson(text)).data ?? [];
}
