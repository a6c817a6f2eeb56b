import { z } from 'zod';
import { stuckCodes } from '../../gates.ts';
import { parseJson } from '../json.ts';
import { keysOf, type Ledger } from '../ledger.ts';
import { clearStuck, noteInviting } from '../lua/invite-requests.ts';
import { runScript } from '../lua/script.ts';

const count = z.number().int().nonnegative();

/** A field of the record as JSON. One that is damaged counts as absent: the portal says it again. */
function stored<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text) => schema.safeParse(parseJson(text)).data)
    .optional();
}

const partSchema = z.object({
  /** Most people of the next request while a refused entry is searched. */
  atMost: count.optional(),
  /** Most people of a request that the portal's limit of invitations takes. */
  cap: count.optional(),
  /** Requests with one person that were refused since the last one that was accepted. */
  refusedInRow: count.default(0),
});
/** How invite requests are cut after a refusal. */
export type InvitePart = z.infer<typeof partSchema>;

const stuckSchema = z.object({
  code: z.enum(stuckCodes),
  /** When the invite is tried again by itself, ms of Redis' clock; without it, a person releases it. */
  until: z.number().optional(),
  /** Numbers of the case and words of the portal; may name people by their place in the list. */
  detail: z.string().optional(),
});
/** Why the portal did not take the invite of a batch: a gate of this batch alone. */
export type Stuck = z.infer<typeof stuckSchema>;

/** Both in the record of a batch. */
export const invitingFields = {
  invitePart: stored(partSchema),
  stuck: stored(stuckSchema),
};

/** Notes how the next request is cut, and whether the invite waits for somebody. */
export async function noteInvitePart(
  ledger: Ledger,
  batch: string,
  { part, stuck }: { part: InvitePart; stuck?: Stuck | undefined },
): Promise<void> {
  await runScript(ledger, noteInviting, {
    keys: keysOf(ledger, batch),
    args: {
      invitePart: JSON.stringify(part),
      stuck: stuck === undefined ? '' : JSON.stringify(stuck),
    },
  });
}

/**
 * Lets the invite of a batch be tried again, with everybody whom the portal refused. True when it
 * was stuck.
 */
export async function releaseStuck(ledger: Ledger, batch: string): Promise<boolean> {
  return runScript(ledger, clearStuck, { keys: keysOf(ledger, batch) });
}
