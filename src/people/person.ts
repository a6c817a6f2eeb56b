import { z } from 'zod';
import { accountTypes } from './account-types.ts';

/** One person to onboard, as accepted by intake and sent to POST /people. */
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
 * Identity of an address, equal for all spellings of one person: trimmed, NFC, lower case, since
 * the portal ignores case (P-LOOKUP-04).
 */
export function emailIdentity(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
