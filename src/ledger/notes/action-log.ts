import { z } from 'zod';
import { BATCH_ID } from '../../batch-id.ts';
import { defined } from '../../defined.ts';
import { OnboardError } from '../../errors.ts';
import type { Actor } from '../../process/actor.ts';
import { storedTime } from '../iso-time.ts';
import type { Ledger } from '../ledger.ts';

/** Actions of a person, or of the retention, that the log records. */
const actions = [
  'submit',
  'run',
  'pause',
  'resume',
  'cancel',
  'retry',
  'continue',
  'invite',
  'purge',
  'set-roles',
  // In the console. A name that signs in may be anything; `find` has no address.
  'sign-in',
  'sign-in-failed',
  'sign-out',
  'download',
  'show-people',
  'find',
  'plan',
  'approve',
  'discard',
] as const;
export type Action = (typeof actions)[number];
export const actionNames: readonly Action[] = actions;

/** Entries that stay, roughly: Redis trims a stream by whole nodes of 100. */
const MOST_ENTRIES = 10_000;

/** A code, a type or a language: no address, name or key has this form. */
const code = z
  .string()
  .regex(/^[a-zA-Z][\w-]{0,39}$/)
  .optional()
  .catch(undefined);
const count = z.number().optional().catch(undefined);
const yes = z.boolean().optional().catch(undefined);

/**
 * All that an entry can say of an action. Any other name is neither written nor read, so that a new
 * option, which may be a secret, is logged only once it is named here.
 */
const detailSchema = z
  .object({ inviteType: code, culture: code, lifted: code, what: code, result: code })
  .extend({ reason: code, via: code, role: code })
  .extend({ inviteHeld: yes, invite: yes, already: yes })
  .extend({ maxFailedPercent: count, inviteSize: count, limit: count, inviteAt: count })
  .extend({ minCreatedPercent: count, reasons: count, emails: count, opened: count })
  .extend({ accepted: count, rejected: count, duplicates: count, cancelled: count })
  .extend({ rows: count, jobs: count, waits: count, set: count, left: count })
  .extend({ groups: code, group: count, joinExisting: yes })
  .extend({ User: count, RoomAdmin: count, DocSpaceAdmin: count, All: count })
  .transform(defined);
export type Details = z.input<typeof detailSchema>;

const actorSchema = z.object({
  name: z.string().optional(),
  user: z.string(),
  sudoUser: z.string().optional(),
  host: z.string(),
  pid: z.number(),
  via: code,
  role: code,
});
export const entrySchema = z.object({
  at: storedTime,
  action: z.enum(actions),
  batch: z.string().regex(BATCH_ID).nullable(),
  outcome: z.enum(['begun', 'done', 'failed']),
  code: z
    .string()
    .regex(/^\w{1,40}$/)
    .nullable(),
  by: actorSchema,
  details: detailSchema,
});

/**
 * One action. An action that stays `begun` is under way, or its process was killed. `code` says why
 * an action `failed`; `at` is when it began, ISO 8601 by Redis' clock.
 */
export type LogEntry = Omit<z.infer<typeof entrySchema>, 'at'> & { at: string };

export interface Act<T> {
  action: Action;
  batch?: string | undefined;
  by: Actor;
  details?: Details | undefined;
  /** Details that the result of the action adds. */
  result?: (result: T) => Details;
}

/**
 * Runs an action and logs it: that it has begun, so that a killed process leaves a trace; then, in
 * place of that entry, how it ended. Throws what `work` throws.
 */
export async function logged<T>(ledger: Ledger, act: Act<T>, work: () => Promise<T>): Promise<T> {
  const begun = await add(ledger, act, 'begun');
  try {
    const result = await work();
    const details = { ...act.details, ...act.result?.(result) };
    await end(ledger, { ...act, details }, { begun, outcome: 'done' });
    return result;
  } catch (error) {
    // The error of the action matters more than that it could not be logged.
    const failed = { begun, outcome: 'failed', code: codeOf(error) } as const;
    await end(ledger, act, failed).catch(() => undefined);
    throw error;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof OnboardError) return error.code;
  return error instanceof Error && error.name === 'AbortError' ? 'interrupted' : 'E_INTERNAL';
}

/** Logs something that is done already. */
export async function logDone(ledger: Ledger, act: Act<never>): Promise<void> {
  await add(ledger, act, 'done');
}

async function add<T>({ redis, keys }: Ledger, act: Act<T>, outcome: 'begun' | 'done') {
  const fields = fieldsOf(act, outcome, '');
  return (await redis.xadd(keys.log, 'MAXLEN', '~', MOST_ENTRIES, '*', ...fields)) ?? '';
}

async function end<T>(
  { redis, keys }: Ledger,
  act: Act<T>,
  { begun, outcome, code = '' }: { begun: string; outcome: 'done' | 'failed'; code?: string },
): Promise<void> {
  const fields = ['at', begun.split('-')[0] ?? '', ...fieldsOf(act, outcome, code)];
  await redis
    .multi()
    .xdel(keys.log, begun)
    .xadd(keys.log, '*', ...fields)
    .exec();
}

function fieldsOf<T>(act: Act<T>, outcome: LogEntry['outcome'], code: string): string[] {
  const { action, batch = '', by, details = {} } = act;
  const known = { action, batch, outcome, code };
  const texts = { by: JSON.stringify(by), details: detailsText(details) };
  return Object.entries({ ...known, ...texts }).flat();
}

/** Details as an entry stores them: what the schema names, and nothing else. */
export function detailsText(details: unknown): string {
  return JSON.stringify(detailSchema.catch({}).parse(details));
}

/** Removes the entries older than `before`, ms by Redis' clock. */
export async function trimLog({ redis, keys }: Ledger, before: number): Promise<void> {
  await redis.xtrim(keys.log, 'MINID', Math.max(0, Math.floor(before)));
}
