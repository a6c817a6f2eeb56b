import { type Account, activationStatus, employeeStatus } from './accounts.ts';

/** Where portals up to 3.6.1 do things in another way than 3.7 (P-VERSION-02). */
export interface Traits {
  readonly isLegacy: boolean;
  /** Only later portals ask whether a RoomAdmin may create this type. */
  readonly letsRoomAdminsCreate: boolean;
  /** Earlier portals look at first and last name as one text. */
  readonly checksNamesApart: boolean;
  /** Earlier portals pass over the invitations that they refuse. */
  readonly abortsInvites: boolean;
  /** Earlier portals store no creator, and then show a placeholder. */
  readonly storesCreator: boolean;
  /** AllowInvitingMembers came with 3.2. */
  readonly hasInvitationSettings: boolean;
}

/** The minor version of 3.x that changed them. */
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

/** The profile that a portal shows in the place of one it does not find (LostUser in its source). */
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
