import { z } from 'zod';
import { BATCH_ID } from '../../batch-id.ts';
import { OnboardError } from '../../errors.ts';
import { accountTypes } from '../../people/account-types.ts';
import { type GroupMode, groupModes } from '../../people/groups.ts';
import type { Remark } from '../../people/remark.ts';
import { line } from '../../printable.ts';
import { damageOfBatch, unlessDamaged } from '../damaged.ts';
import { invitingFields } from '../invites/invite-part.ts';
import { storedTime } from '../iso-time.ts';
import { keysOf, type Ledger } from '../ledger.ts';
import * as scripts from '../lua/batch-record.ts';
import { finishBatch, moveBatch } from '../lua/batch-transitions.ts';
import { runScript } from '../lua/script.ts';
import { countRows } from '../rows/rows.ts';
import type { BatchOptions } from './batch-options.ts';
import { storedOptions } from './batch-options-schema.ts';
import { storedRemarks } from './batch-remarks.ts';
import { type BatchState, batchStates, isMoving } from './batch-state.ts';

const whole = z.coerce.number().int();
const time = storedTime.optional();

/** One submission as the ledger keeps it. Times are ms of Redis' clock. */
const recordSchema = z.object({
  state: z.enum(batchStates),
  round: whole,
  acceptedAt: storedTime,
  /** `at` by the portal's clock, where the portal has reported its time. */
  acceptedOnPortal: time,
  /** Rows settled, and failed, when the round began or a person last resumed. */
  settledBefore: whole.default(0),
  failedBefore: whole.default(0),
  /** Set from the moment it is cancelled: whether those created are invited. */
  cancelling: z.enum(['invite', 'no-invite']).optional(),
  /** A person released the invite, whatever the submission said. */
  inviteReleased: z.coerce.boolean().default(false),
  finishedAt: time,
  /** When the removal of its people began (no row is worked from then on), and whether it is done. */
  peopleRemovedAt: time,
  peopleRemoved: z.coerce.boolean().default(false),
  /** SHA-256 of the files and of the options that decide what the batch does. */
  digest: z.string(),
  portal: z.string(),
  inviteType: z.enum(accountTypes),
  culture: z.string().optional(),
  /** How names of groups are read; absent for a batch that names none (batch-groups.ts). */
  groups: z.enum(groupModes).optional(),
  /** The last round whose children are all in the queue, and their number. */
  sealedRound: whole.default(0),
  expected: whole.default(0),
  ...invitingFields,
});

export type Batch = { id: string } & z.infer<typeof recordSchema> & BatchOptions;

/** The values that open a batch. */
export type NewBatch = Pick<Batch, 'id' | 'digest' | 'portal' | 'inviteType'> &
  BatchOptions & {
    culture?: string | undefined;
    groups?: GroupMode | undefined;
    /** Names of groups for everybody. */
    group?: readonly string[] | undefined;
    joinExisting?: boolean | undefined;
    acceptedOnPortal?: number | undefined;
    /** Sentences about the list for its readers. */
    remarks?: readonly Remark[] | undefined;
    /** Address of the notification (notifications.ts). A secret, hence in no `Batch`. */
    notify?: string | undefined;
  };

/**
 * Creates the batch in state `intake`, or returns the existing one.
 * @throws {OnboardError} E_BATCH_CONFLICT when the id belongs to other files or options.
 */
export async function openBatch(ledger: Ledger, wanted: NewBatch): Promise<Batch> {
  const { id, digest, portal, inviteType, culture, acceptedOnPortal, ...others } = wanted;
  const { remarks: found = [], groups, group = [], joinExisting, ...options } = others;
  const remarks = storedRemarks(found);
  const names = group.length === 0 ? undefined : JSON.stringify(group);
  const ofGroups = groups === undefined ? {} : { groups, group: names, joinExisting };
  await runScript(ledger, scripts.openBatch, {
    keys: keysOf(ledger, id),
    args: { id },
    list: fieldsOf({ digest, portal, inviteType, culture, acceptedOnPortal, remarks, ...ofGroups }),
  });
  const batch = await readBatch(ledger, id);
  if (batch.digest !== digest) {
    throw new OnboardError(
      'E_BATCH_CONFLICT',
      `batch ${id} has other files or options: choose another --batch, or leave it out`,
    );
  }
  const given = fieldsOf(options);
  if (given.length === 0) return batch;
  await ledger.redis.hset(ledger.keys.record(id), ...given);
  return readBatch(ledger, id);
}

/** Names and values for a hash. A switch that is off is not written. */
function fieldsOf(record: object): (string | number)[] {
  const given = Object.entries(record).filter(
    ([, value]) => value !== undefined && value !== false,
  );
  return given.flatMap(([name, value]) => [name, value === true ? 1 : value]);
}

/** @throws {OnboardError} E_BATCH_UNKNOWN, E_LEDGER_DAMAGED */
export async function readBatch(ledger: Ledger, id: string): Promise<Batch> {
  return toBatch(id, await ledger.redis.hgetall(ledger.keys.record(id)));
}

/**
 * The batch of a record as Redis returns it.
 * @throws {OnboardError} E_BATCH_UNKNOWN for an empty one, E_LEDGER_DAMAGED
 */
export function toBatch(id: string, record: Record<string, string>): Batch {
  if (record.state === undefined) {
    throw new OnboardError(
      'E_BATCH_UNKNOWN',
      line`no batch ${id} found; \`onboard status\` lists the batches that exist`,
    );
  }
  try {
    return { id, ...recordSchema.parse(record), ...storedOptions(record) };
  } catch (error) {
    throw damageOfBatch(id, error) ?? error;
  }
}

/** Ids of the batches, newest first: all, or at most `most`. */
export async function batchIds(ledger: Ledger, most?: number): Promise<string[]> {
  return (await listBatches(ledger, most)).ids;
}

/** Ids of the batches, and how many entries between them are none and were left out. */
export async function listBatches(
  ledger: Ledger,
  most?: number,
): Promise<{ ids: string[]; foreign: number }> {
  const last = most === undefined ? -1 : most - 1;
  const entries = await ledger.redis.zrevrange(ledger.keys.batches, 0, last);
  const ids = wellFormed(entries);
  return { ids, foreign: entries.length - ids.length };
}

/** At most `most` ids of batches, newest first, that come after `after`; all from the newest without it. */
export async function batchIdsAfter(
  { redis, keys }: Ledger,
  { after, most }: { after?: string | undefined; most: number },
): Promise<{ first: number; ids: string[] }> {
  const rank = after ? await redis.zrevrank(keys.batches, after) : null;
  const first = rank === null ? 0 : rank + 1;
  const ids = await redis.zrevrange(keys.batches, first, first + most - 1);
  return { first, ids: wellFormed(ids) };
}

/** The id at a place of the list, newest first, from 0. */
export async function batchIdAt(
  { redis, keys }: Ledger,
  place: number,
): Promise<string | undefined> {
  return (await redis.zrevrange(keys.batches, place, place))[0];
}

/** Ids of the batches that were accepted before `before` (ms), oldest first. */
export async function batchIdsBefore(ledger: Ledger, before: number): Promise<string[]> {
  return wellFormed(await ledger.redis.zrangebyscore(ledger.keys.batches, '-inf', before));
}

/** Drops whatever is no id: ids become keys, words of a shell and lines on a terminal. */
function wellFormed(ids: readonly string[]): string[] {
  return ids.filter((id) => BATCH_ID.test(id));
}

export async function countBatches(ledger: Ledger): Promise<number> {
  return ledger.redis.zcard(ledger.keys.batches);
}

export async function hasBatch(ledger: Ledger, id: string): Promise<boolean> {
  return (await ledger.redis.zscore(ledger.keys.batches, id)) !== null;
}

/** The states of these batches; undefined for one that is damaged or gone. */
export async function statesOfBatches(
  { keys, redis }: Ledger,
  ids: readonly string[],
): Promise<(BatchState | undefined)[]> {
  const read = (id: string) => unlessDamaged(redis.hget(keys.record(id), 'state'), undefined);
  const states = await Promise.all(ids.map(read));
  return states.map((state) => batchStates.find((known) => known === state));
}

/** The batches among these that the queues have work for. */
export async function unfinishedOf(ledger: Ledger, ids: readonly string[]): Promise<string[]> {
  const states = await statesOfBatches(ledger, ids);
  return ids.filter((_, index) => isMoving({ state: states[index] }));
}

/** From `intake` to `processing`: every row of the input is recorded. */
export async function closeIntake(ledger: Ledger, id: string): Promise<void> {
  const expected = await countRows(ledger, id, 'pending');
  await runScript(ledger, moveBatch, {
    keys: keysOf(ledger, id),
    args: { from: 'intake', to: 'processing' },
    list: ['expected', expected],
  });
}

/**
 * Notes when the batch was accepted by the portal's clock, which now says `portalNow` (ms), unless
 * an earlier time is known: that clock may have been set back since.
 */
export async function noteClock(ledger: Ledger, id: string, portalNow: number): Promise<void> {
  const keys = keysOf(ledger, id);
  await runScript(ledger, scripts.noteClock, { keys, args: { portalNow } });
}

/** Releases the invite, whatever the submission said. */
export async function openGate(ledger: Ledger, id: string): Promise<void> {
  await runScript(ledger, scripts.openGate, { keys: keysOf(ledger, id) });
}

/** Notes that the current round's children are all in the queue. */
export async function sealRound(ledger: Ledger, batch: Batch): Promise<void> {
  await ledger.redis.hset(ledger.keys.record(batch.id), 'sealedRound', batch.round);
}

/** From `processing` to `inviting`: every row of the round is settled. */
export async function beginInviting(ledger: Ledger, id: string): Promise<void> {
  await runScript(ledger, moveBatch, {
    keys: keysOf(ledger, id),
    args: { from: 'processing', to: 'inviting' },
  });
}

/**
 * Ends the round: the batch is `finished`, `cancelled`, or `waiting` with rows held back. False
 * while a row is pending, or when the batch was over already.
 */
export async function finish(ledger: Ledger, id: string): Promise<boolean> {
  const keys = keysOf(ledger, id);
  return runScript(ledger, finishBatch, { keys, args: { batch: id } });
}
