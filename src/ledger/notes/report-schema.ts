import { z } from 'zod';
import { BATCH_ID } from '../../batch-id.ts';
import { gates } from '../../gates.ts';
import { accountTypes } from '../../people/account-types.ts';
import { holdCodes } from '../../stops.ts';
import { batchStates } from '../batch/batch-state.ts';
import type { Report } from '../batch/numbers.ts';

const count = z.number().int().nonnegative();
const time = z.iso.datetime();
const gateCode = z.enum(Object.keys(gates) as [keyof typeof gates]);

/** A report as it was stored for a notification: numbers, codes and times, no other text. */
export const reportSchema: z.ZodType<Report> = z.object({
  batchId: z.string().regex(BATCH_ID),
  state: z.enum(batchStates),
  hold: z.enum(holdCodes).nullable(),
  round: count,
  total: count,
  accepted: count,
  rejected: count,
  types: z.partialRecord(z.enum(accountTypes), count),
  duplicates: count,
  pending: count,
  created: count,
  existing: count,
  failed: count,
  cancelled: count,
  invited: count,
  notInvitable: count.default(0),
  groupsMissing: count.default(0),
  unmailed: count.default(0),
  otherRole: count.default(0),
  otherRoleBefore: count.default(0),
  inviteRequests: count,
  unansweredInvites: count,
  gate: z.object({ code: gateCode, until: time.nullable() }).nullable(),
  startedAt: time,
  finishedAt: time.nullable(),
  durationMs: count,
  peopleRemovedAt: time.nullable(),
});
