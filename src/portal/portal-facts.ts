import { z } from 'zod';
import { optionalDate, reference } from './wire.ts';

const optionalText = z.string().optional().catch(undefined);

/** The key that is in use: whose it is, what it may do (`[]` is everything), until when (ms). */
export interface KeyInfo {
  ownerId: string;
  permissions: string[];
  expiresAt?: number;
}

/** ApiKeyResponseDto to KeyInfo (docspace-contract 1, checking a key). */
export const keyInfoSchema = z
  .object({
    createBy: reference,
    permissions: z.array(z.string()).nullish(),
    expiresAt: optionalDate,
  })
  .transform(
    ({ createBy, permissions, expiresAt }): KeyInfo => ({
      ownerId: createBy.id,
      permissions: permissions ?? [],
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }),
  );

/** The public settings (docspace-contract 2.5); `tenantStatus` 0 is a portal that is open. */
export interface PortalSettings {
  version?: string;
  tenantStatus?: number;
  userNameRegex?: string;
}

/** SettingsDto to PortalSettings. */
export const settingsSchema = z
  .object({
    version: optionalText,
    tenantStatus: z.number().optional().catch(undefined),
    userNameRegex: optionalText,
  })
  .transform(
    ({ version, tenantStatus, userNameRegex }): PortalSettings => ({
      ...(version === undefined ? {} : { version }),
      ...(tenantStatus === undefined ? {} : { tenantStatus }),
      ...(userNameRegex === undefined ? {} : { userNameRegex }),
    }),
  );

/**
 * The answer to an invite: everybody pending on the portal, not only those of this request
 * (docspace-contract 2.6). `elided` stands for a list too long to be kept.
 */
export const invitedSchema = z.union([
  z.array(z.unknown()).transform((list) => ({ pending: list.length })),
  z.object({ elided: z.object({ pending: z.number() }) }).transform((list) => list.elided),
]);
