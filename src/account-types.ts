/**
 * Roles that POST /people takes. `All` is the portal's default and makes a paid RoomAdmin
 * (P-ROLE-05); Guest is always refused there, so it is not here.
 */
export const accountTypes = ['User', 'RoomAdmin', 'DocSpaceAdmin', 'All'] as const;
export type AccountType = (typeof accountTypes)[number];
