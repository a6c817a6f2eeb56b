import { type Account, activationStatus, employeeStatus } from '../people/accounts.ts';

/** Differences between portals up to 3.6.1 and 3.7 (P-VERSION-02). */
export interface Traits {
  readonly isLegacy: boolean;
  /** Later portals check whether a RoomAdmin may create this type. */
  readonly letsRoomAdminsCreate: boolean;
  /** Earlier portals check first and last name as one text. */
  readonly checksNamesApart: boolean;
  /** Earlier portals skip refused entries of an invite. */
  readonly abortsInvites: boolean;
  /** Earlier portals store no creator and show a placeholder (P-VERSION-03). */
  readonly storesCreator: boolean;
  /** AllowInvitingMembers exists since 3.2. */
  readonly hasInvitationSettings: boolean;
}

/** Minor version of 3.x with the changes. */
const CHANGED_IN = 7;

/** The traits of a version, which is `3.minor.patch`. */
export function traitsOf(version: string): Traits {
  const minor = Number(version.split('.')[1]);
  const isCurrent = minor >= CHANGED_IN;
  return {
    isLegacy: !isCurrent,
    letsRoomAdminsCreate: isCurrent,
    checksNamesApart: isCurrent,
    abortsInvites: isCurrent,
    storesCreator: isCurrent,
    hasInvitationSettings: minor >= 2,
  };
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
  status: employeeStatus.active,
  activationStatus: activationStatus.activated,
  registeredAt: 0,
  origin: 'existing',
};
