import { type Account, activationStatus, employeeStatus } from '../people/accounts.ts';

/** Differences between portals (P-VERSION-02). */
export interface Traits {
  /** A portal up to 3.6.1. */
  readonly isLegacy: boolean;
  /** AllowInvitingMembers exists since 3.2. */
  readonly hasInvitationSettings: boolean;
}

/** The traits of a version, which is `3.minor.patch`. */
export function traitsOf(version: string): Traits {
  const minor = Number(version.split('.')[1]);
  return { isLegacy: minor < 7, hasInvitationSettings: minor >= 2 };
}

/** The profile that a portal shows for a missing one (LostUser in its source). */
export const removedProfile: Account = {
  id: '4a515a15-d4d6-4b8e-828e-e0586f18f3a3',
  email: '',
  userName: '',
  firstName: 'Profile',
  lastName: 'removed',
  role: 'User',
  isOwner: false,
  isHalfMade: false,
  hasPassword: false,
  status: employeeStatus.active,
  activationStatus: activationStatus.activated,
  registeredAt: 0,
  origin: 'existing',
};
