import { z } from 'zod';
import { optionalDate, reference, text } from './wire.ts';

const optionalText = text.optional().catch(undefined);

/**
 * ApiKeyResponseDto (P-KEY-10): the key that is in use: whose it is, what it may do (`[]` is
 * everything), until when (ms).
 */
export const keyInfoSchema = z
  .object({
    createBy: reference,
    permissions: z.array(text).nullish(),
    expiresAt: optionalDate,
  })
  .transform(({ createBy, permissions, expiresAt }) => {
    return { ownerId: createBy.id, permissions: permissions ?? [], expiresAt };
  });
export type KeyInfo = z.infer<typeof keyInfoSchema>;

/** SettingsDto: the public settings (P-SETTINGS-01). */
export const settingsSchema = z.object({
  version: optionalText,
  /** 0 is a portal that is open. */
  tenantStatus: z.number().optional().catch(undefined),
  // A pattern is read as it is, and shown nowhere.
  userNameRegex: z.string().optional().catch(undefined),
});
export type PortalSettings = z.infer<typeof settingsSchema>;

/** How the portal writes "no limit": .NET's largest int. */
const NO_LIMIT = 2_147_483_647;

/**
 * SettingsDto with a key: more fields (P-SETTINGS-02). `invitationLimit` is how many invitations
 * are left today; Infinity when the portal has no such limit.
 */
export const ownSettingsSchema = z
  .object({ invitationLimit: z.number().optional().catch(undefined) })
  .transform(({ invitationLimit: limit }) => {
    const isUnlimited = limit !== undefined && limit >= NO_LIMIT;
    return { invitationLimit: isUnlimited ? Number.POSITIVE_INFINITY : limit };
  });
export type OwnSettings = z.infer<typeof ownSettingsSchema>;

/**
 * TenantUserInvitationSettingsDto: whether members may be invited or created at all
 * (P-SETTINGS-03).
 */
export const invitationSettingsSchema = z.object({ allowInvitingMembers: z.boolean() });
export type InvitationSettings = z.infer<typeof invitationSettingsSchema>;

/** The portal's plan, as far as it counts people. */
export interface Quota {
  /** Seats of the owner, DocSpace and room admins; -1 in the answer, Infinity here, is no limit. */
  paidSeats?: { limit: number; used: number };
  /** A limit of Users, with the Guests that count in it, where they are known (P-CREATE-20). */
  userSeats?: { limit: number; guests: number | undefined };
}

const featureSchema = z.object({
  id: z.string(),
  value: z.unknown(),
  used: z.object({ value: z.number() }).optional().catch(undefined),
});

/** Value of a limit that is off in some versions (P-SETTINGS-02). */
const OFF = 2_147_483_647;

/**
 * QuotaDto to Quota: its feature `manager` counts paid seats, and `users` limits Users; `used` only
 * for who may know.
 */
export const quotaSchema = z
  .object({ features: z.array(featureSchema) })
  .transform(({ features }): Quota => {
    const named = (name: string) => features.find(({ id }) => id === name);
    return { ...paidSeatsOf(named('manager')), ...userSeatsOf(named('users')) };
  });

type Feature = z.infer<typeof featureSchema>;

function paidSeatsOf(feature: Feature | undefined): Quota {
  if (typeof feature?.value !== 'number' || feature.used === undefined) return {};
  const limit = feature.value < 0 ? Number.POSITIVE_INFINITY : feature.value;
  return { paidSeats: { limit, used: feature.used.value } };
}

function userSeatsOf(feature: Feature | undefined): Quota {
  if (typeof feature?.value !== 'number' || feature.value < 0 || feature.value >= OFF) return {};
  return { userSeats: { limit: feature.value, guests: feature.used?.value } };
}

/**
 * The answer to an invite: everybody pending on the portal, not only those of this request
 * (P-INVITE-08). `elided` stands for a list too long to be kept.
 */
export const invitedSchema = z.union([
  z.array(z.unknown()).transform((list) => ({ pending: list.length })),
  z.object({ elided: z.object({ pending: z.number() }) }).transform((list) => list.elided),
]);
