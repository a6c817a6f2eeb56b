import { z } from 'zod';
import { readBatch } from './batches.ts';
import { bucketOf, rowStates } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { emailHash } from './record-rows.ts';
import { parseJson } from './rows.ts';
import { runScript } from './script.ts';
import { releaseClaims } from './scripts.ts';

const emailSchema = z.object({ person: z.object({ email: z.string() }) });

/**
 * Removes the batches that were over, or whose intake was given up, before `before` (ms). Returns
 * their ids. Batches with work left stay, however old they are.
 */
export async function purgeBefore(ledger: Ledger, before: number): Promise<string[]> {
  const ids = await ledger.redis.zrangebyscore(ledger.keys.batches, '-inf', before);
  const purged: string[] = [];
  for (const id of ids) {
    if (await isOver(ledger, id, before)) {
      await purge(ledger, id);
      purged.push(id);
    }
  }
  return purged;
}

async function isOver(ledger: Ledger, id: string, before: number): Promise<boolean> {
  // A purge that ended between its last two steps left the id without a record.
  if ((await ledger.redis.exists(ledger.keys.record(id))) === 0) return true;
  const batch = await readBatch(ledger, id);
  if (batch.state === 'intake') return (await ledger.redis.exists(ledger.keys.lock(id))) === 0;
  return (batch.finishedAt ?? Number.POSITIVE_INFINITY) <= before;
}

/** Removes everything of a batch, the record last, so that a purge cut short is taken up again. */
async function purge(ledger: Ledger, id: string): Promise<void> {
  const { keys, redis } = ledger;
  const rows = (await redis.strlen(`${keys.is(id)}pending`)) * 8;
  for (let bucket = 0; bucket <= bucketOf(rows); bucket += 1) {
    await releaseBucket(ledger, id, bucket);
    await redis.unlink(keys.rows(id) + bucket, keys.outcomes(id) + bucket);
  }
  const bitmaps = rowStates.map((state) => keys.is(id) + state);
  await redis.unlink(...bitmaps, keys.invited(id), keys.invites(id), keys.inviter(id));
  await redis.unlink(keys.record(id));
  await redis.zrem(keys.batches, id);
}

async function releaseBucket(ledger: Ledger, id: string, bucket: number): Promise<void> {
  const rows = await ledger.redis.hvals(ledger.keys.rows(id) + bucket);
  const hashes = rows.flatMap((row) => {
    const { data } = emailSchema.safeParse(parseJson(row));
    return data === undefined ? [] : [emailHash(data.person.email)];
  });
  const call = { keys: [ledger.keys.claims], args: [id, ...hashes] };
  await runScript(ledger.redis, releaseClaims, call);
}
