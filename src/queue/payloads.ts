import { z } from 'zod';

/** Job payloads hold keys into the ledger, never a name or an e-mail. */
const round = z.number().int().positive();
const batch = z.string().min(1);

export const createUserPayload = z.object({ batch, round, row: z.number().int().nonnegative() });
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
