import { z } from 'zod';
import { BATCH_ID } from '../batch-id.ts';

/** Positions in Redis' bitmaps are below 2^32 (SETBIT). */
const MOST_ROWS = 2 ** 32;

/**
 * Payloads hold keys into the ledger, never a name or an e-mail. They become parts of Redis keys
 * and positions in bitmaps, so any other value is refused.
 */
const round = z.number().int().positive();
const batch = z.string().regex(BATCH_ID);
/** Id of a notification; the ledger has its numbers and its address. The name is stored in Redis. */
const notice = z.string().regex(/^[\w-]+\.\d+\.[a-z]+\.\d+$/);
const row = z.number().int().nonnegative().lt(MOST_ROWS);

export const createUserPayload = z.object({ batch, round, row });
export type CreateUserPayload = z.infer<typeof createUserPayload>;

export const invitePayload = z.object({ batch, round });
export type InvitePayload = z.infer<typeof invitePayload>;

export const sealPayload = z.object({
  batch,
  round,
  sealed: z.boolean(),
  expected: z.number().int().nonnegative(),
});
export type SealPayload = z.infer<typeof sealPayload>;

export const notifyPayload = z.object({ batch, notice });
export type NotifyPayload = z.infer<typeof notifyPayload>;
