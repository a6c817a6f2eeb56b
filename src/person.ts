import { z } from 'zod';
import { accountTypes } from './account-types.ts';

/** One human to onboard, as intake accepted them and as POST /people receives them. */
export const personSchema = z.object({
  email: z.string().min(3).max(255),
  firstName: z.string().min(1).max(64),
  lastName: z.string().max(64),
  type: z.enum(accountTypes),
  culture: z.string().max(20).optional(),
  department: z.array(z.string()).optional(),
  comment: z.string().max(512).optional(),
});
export type Person = z.infer<typeof personSchema>;

/**
 * The form under which two spellings of an address are the same person: trimmed, NFC, lower case.
 * The portal looks addresses up without case (P-LOOKUP-04).
 */
export function emailIdentity(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
