import { z } from 'zod';
import { type AccountType, accountTypes } from '../account-types.ts';
import { OnboardError } from '../errors.ts';
import type { Ledger } from './ledger.ts';
import { finishBatch } from './round-scripts.ts';
import { runScript } from './script.ts';
import {
  moveBatch,
  noteClock as noteClockScript,
  openBatch as openScript,
  releaseInvite,
} from './scripts.ts';

export const batchStates = [
  'intake',
  'processing',
  'inviting',
  'waiting',
  'finished',
  'cancelled',
] as const;
export type BatchState = (typeof batchStates)[number];

/** A list of which more than this share fails is probably wrong as a whole. */
const DEFAULT_MAX_FAILED_PERCENT = 40;

const recordSchema = z.object({
  state: z.enum(batchStates),
  round: z.coerce.number().int(),
  acceptedAt: z.coerce.number(),
  acceptedOnPortal: z.coerce.number().optional(),
  maxFailedPercent: z.coerce.number().default(DEFAULT_MAX_FAILED_PERCENT),
  inviteSize: z.coerce.number().int().positive().optional(),
  settledBefore: z.coerce.number().int().default(0),
  failedBefore: z.coerce.number().int().default(0),
  cancelling: z.enum(['invite', 'no-invite']).optional(),
  limit: z.coerce.number().int().positive().optional(),
  inviteHeld: z.coerce.boolean().default(false),
  minCreatedPercent: z.coerce.number().default(0),
  inviteAt: z.coerce.number().optional(),
  inviteReleased: z.coerce.boolean().default(false),
  finishedAt: z.coerce.number().optional(),
  peopleRemovedAt: z.coerce.number().optional(),
  peopleRemoved: z.coerce.boolean().default(false),
  digest: z.string(),
  portal: z.string(),
  inviteType: z.enum(accountTypes),
  culture: z.string().optional(),
  sealedRound: z.coerce.number().int().default(0),
  expected: z.coerce.number().int().default(0),
});

/** One submission as the ledger keeps it. Times are ms of Redis' clock. */
export interface Batch {
  id: string;
  state: BatchState;
  round: number;
  acceptedAt: number;
  /** The same by the portal's clock, where it told the time. */
  acceptedOnPortal?: number | undefined;
  /** Share of failed rows above which everything is held; 100 is never. */
  maxFailedPercent: number;
  /** Most people in one invite request; absent, all of them are in one. */
  inviteSize?: number | undefined;
  /** Rows settled, and failed, when a person last said to go on (or the round began). */
  settledBefore: number;
  failedBefore: number;
  /** Set while, and after, it is cancelled: whether those who were created are invited. */
  cancelling?: 'invite' | 'no-invite' | undefined;
  /** Only so many people are in the first round; the others wait for a person. */
  limit?: number | undefined;
  /** The invite waits for a person, */
  inviteHeld: boolean;
  /** or does so when fewer of the accepted people than this share were created or there before, */
  minCreatedPercent: number;
  /** or waits for this time, ms since the epoch; */
  inviteAt?: number | undefined;
  /** until a person says to send it. */
  inviteReleased: boolean;
  finishedAt?: number | undefined;
  /** When the removal of its people began: nobody of it can be worked any more. */
  peopleRemovedAt?: number | undefined;
  /** Whether that removal is done. */
  peopleRemoved: boolean;
  /** SHA-256 of the files and of the options that decide what is done with them. */
  digest: string;
  /** Origin of the portal that the batch is for. */
  portal: string;
  inviteType: AccountType;
  culture?: string | undefined;
  /** The last round whose children are all in the queue. */
  sealedRound: number;
  /** How many children that round has. */
  expected: number;
}

export interface NewBatch {
  id: string;
  digest: string;
  portal: string;
  inviteType: AccountType;
  culture?: string;
  acceptedOnPortal?: number;
  /** Options that are no part of what the batch is: a later submission may change them. */
  maxFailedPercent?: number;
  inviteSize?: number;
  limit?: number;
  inviteHeld?: boolean;
  minCreatedPercent?: number;
  inviteAt?: number;
  /** Where its end is told (ledger/notices.ts); a secret, hence in no `Batch`. */
  notify?: string;
}

/**
 * Creates the batch in state `intake`, or returns the one that is there.
 * @throws {OnboardError} E_BATCH_CONFLICT when the id belongs to other files or options.
 */
export async function openBatch(ledger: Ledger, wanted: NewBatch): Promise<Batch> {
  const { id, digest, portal, inviteType, culture, acceptedOnPortal, ...options } = wanted;
  const fields = definedOf({ digest, portal, inviteType, culture, acceptedOnPortal });
  await runScript(ledger.redis, openScript, {
    keys: [ledger.keys.record(id), ledger.keys.batches],
    args: [id, ...fields.flat()],
  });
  const batch = await readBatch(ledger, id);
  if (batch.digest === wanted.digest) {
    const given = definedOf(options);
    if (given.length === 0) return batch;
    await ledger.redis.hset(ledger.keys.record(id), ...given.flat());
    return readBatch(ledger, id);
  }
  throw new OnboardError(
    'E_BATCH_CONFLICT',
    `batch ${id} was made of other files or options: choose another --batch, or leave it out`,
  );
}

/** Names and values of what is given; `false` is as good as nothing in a hash. */
function definedOf(fields: object): [string, string | number][] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const isGiven = value !== undefined && value !== false;
    return isGiven ? [[name, value === true ? 1 : value]] : [];
  });
}

/**
 * @throws {OnboardError} E_BATCH_UNKNOWN when no such batch is kept.
 */
export async function readBatch(ledger: Ledger, id: string): Promise<Batch> {
  const record = await ledger.redis.hgetall(ledger.keys.record(id));
  if (record.state === undefined) {
    throw new OnboardError(
      'E_BATCH_UNKNOWN',
      `no batch ${id} is kept here: \`onboard status\` lists those that are`,
    );
  }
  return { id, ...recordSchema.parse(record) };
}

/** Ids of the batches that are kept, newest first: all, or so many. */
export async function batchIds(ledger: Ledger, most?: number): Promise<string[]> {
  return ledger.redis.zrevrange(ledger.keys.batches, 0, most === undefined ? -1 : most - 1);
}

export async function countBatches(ledger: Ledger): Promise<number> {
  return ledger.redis.zcard(ledger.keys.batches);
}

export async function isKept(ledger: Ledger, id: string): Promise<boolean> {
  return (await ledger.redis.zscore(ledger.keys.batches, id)) !== null;
}

/** Those of these batches that a queue has work for. */
export async function unfinishedOf(ledger: Ledger, ids: readonly string[]): Promise<string[]> {
  const { keys, redis } = ledger;
  const states = await Promise.all(ids.map((id) => redis.hget(keys.record(id), 'state')));
  return ids.filter((_, index) => states[index] === 'processing' || states[index] === 'inviting');
}

/** From `intake` to `processing`: every row of the input is recorded. */
export async function closeIntake(ledger: Ledger, id: string): Promise<void> {
  const expected = await ledger.redis.bitcount(`${ledger.keys.is(id)}pending`);
  await move(ledger, id, ['intake', 'processing', 'expected', expected]);
}

/**
 * Notes when the batch was accepted by the portal's clock, from what that says now, unless an earlier
 * time is known: the portal may not have told its time at the submission, or its clock may have been
 * put back since. `portalNow` is ms.
 */
export async function noteClock(ledger: Ledger, id: string, portalNow: number): Promise<void> {
  await runScript(ledger.redis, noteClockScript, {
    keys: [ledger.keys.record(id)],
    args: [portalNow],
  });
}

/** A person says that the invite shall be sent, whatever the submission said. */
export async function openGate(ledger: Ledger, id: string): Promise<void> {
  await runScript(ledger.redis, releaseInvite, { keys: [ledger.keys.record(id)], args: [] });
}

/** The current round's children are all in the queue. */
export async function sealRound(ledger: Ledger, batch: Batch): Promise<void> {
  await ledger.redis.hset(ledger.keys.record(batch.id), 'sealedRound', batch.round);
}

/** From `processing` to `inviting`: every row of the round is settled. */
export async function beginInviting(ledger: Ledger, id: string): Promise<void> {
  await move(ledger, id, ['processing', 'inviting']);
}

/**
 * The round is over: the batch is `finished`, `cancelled`, or `waiting` with rows that were held
 * back. False while a row is still pending, or when it was over already.
 */
export async function finish(ledger: Ledger, id: string): Promise<boolean> {
  const bitmaps = ledger.keys.is(id);
  const { record, untold } = ledger.keys;
  const keys = [record(id), `${bitmaps}pending`, `${bitmaps}later`, untold];
  return (await runScript(ledger.redis, finishBatch, { keys, args: [id] })) === 1;
}

async function move(ledger: Ledger, id: string, args: (string | number)[]): Promise<void> {
  await runScript(ledger.redis, moveBatch, { keys: [ledger.keys.record(id)], args });
}
