import { z } from 'zod';
import { accountTypes } from '../../people/account-types.ts';
import { groupModes } from '../../people/groups.ts';

/** Options of a form beside its files; absent ones have the command line's default. */
const uploadOptions = z.object({
  type: z.enum(accountTypes).optional(),
  allowTypes: z.array(z.enum(accountTypes)).optional(),
  culture: z.string().optional(),
  groups: z.enum(groupModes).optional(),
  group: z.array(z.string()).optional(),
  joinExisting: z.boolean().optional(),
  inviteHeld: z.boolean().optional(),
  /** ms since the epoch. */
  inviteAt: z.number().optional(),
  /** The zone in which the time was given, as Europe/Berlin. */
  inviteZone: z.string().optional(),
  inviteSize: z.number().optional(),
  minCreatedPercent: z.number().optional(),
  limit: z.number().optional(),
  maxFailedPercent: z.number().optional(),
  batch: z.string().optional(),
  delimiter: z.string().optional(),
  encoding: z.string().optional(),
  sheet: z.string().optional(),
  /** As `E-Mail Address=email`. */
  map: z.array(z.string()).optional(),
  ignore: z.array(z.string()).optional(),
  splitName: z.string().optional(),
  /** Whether the portal is asked who has an account. */
  lookup: z.boolean().optional(),
  /** False where ONBOARD_NOTIFY_URL is not to be used. */
  notify: z.boolean().optional(),
});
export type UploadOptions = z.infer<typeof uploadOptions>;

const counted = z.object({ name: z.string(), people: z.number() });

/** A plan as its page shows it: what the command line said, without a person of the list. */
export const planSummary = z.object({
  id: z.string(),
  batch: z.object({ id: z.string(), state: z.string().nullable() }),
  total: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  duplicates: z.number(),
  notInvitable: z.number(),
  types: z.partialRecord(z.enum(accountTypes), z.number()),
  /** Rows with cells that were changed while reading, and the first of them. */
  changed: z.object({
    count: z.number(),
    example: z.object({ file: z.string(), line: z.number(), reason: z.string() }).optional(),
  }),
  /** Present with a lookup. */
  present: z.object({ count: z.number(), unknown: z.number() }).optional(),
  /** `later` where workers find the groups. */
  groups: z
    .union([
      z.literal('later'),
      z.object({
        existing: z.array(counted),
        toMake: z.array(counted),
        unknown: z.array(counted.extend({ nearest: z.array(z.string()) })),
      }),
    ])
    .optional(),
  estimate: z.object({
    creations: z.number(),
    lookups: z.number(),
    invites: z.number(),
    durationMs: z.number().nullable(),
    days: z.number(),
  }),
  remarks: z.array(z.object({ code: z.string(), text: z.string() })),
  checks: z.array(
    z.object({
      level: z.enum(['ok', 'warning', 'fault']),
      check: z.string(),
      what: z.string(),
      remedy: z.string().optional(),
    }),
  ),
  columns: z.array(
    z.object({
      file: z.string(),
      header: z.string(),
      /** The column that it is read as; null for a column that is not read. */
      column: z.string().nullable(),
      /** Number of its values where none was understood, so that it is not read. */
      notUnderstood: z.number().optional(),
      /** A masked value. */
      example: z.string().optional(),
    }),
  ),
  /** Number of further columns. */
  columnsLeftOut: z.number().optional(),
});
export type PlanSummary = z.infer<typeof planSummary>;

/** Rows that stay out for one reason. */
const rejection = z.object({
  kind: z.enum(['rejected', 'duplicate']),
  code: z.string(),
  count: z.number(),
  /** Where the first of them are. */
  first: z.array(z.object({ file: z.string(), line: z.number() })),
});
export type Rejection = z.infer<typeof rejection>;

const failure = z.object({
  code: z.string(),
  message: z.string(),
  /** Headers of a list whose columns were not understood. */
  headers: z.array(z.string()).optional(),
});
export type PlanFailure = z.infer<typeof failure>;

const who = z.object({ name: z.string(), role: z.string() });

const planStates = ['planning', 'failed', 'ready', 'submitting', 'submitted'] as const;

/** An upload with its plan, as a file beside it. */
export const planRecord = z.object({
  key: z.string(),
  state: z.enum(planStates),
  by: who,
  /** When it was uploaded, and when it is removed, ms since the epoch. */
  at: z.number(),
  expiresAt: z.number(),
  files: z.array(z.string()),
  bytes: z.number(),
  options: uploadOptions,
  summary: planSummary.optional(),
  rejections: z.array(rejection).optional(),
  /** Why it could not be planned, or was not submitted. */
  failure: failure.optional(),
  approvedBy: who.optional(),
});
export type PlanRecord = z.infer<typeof planRecord>;
