/** Types that POST /people accepts (P-ROLE-05, P-ROLE-06); `All` makes a RoomAdmin on a paid seat. */
export const accountTypes = ['User', 'RoomAdmin', 'DocSpaceAdmin', 'All'] as const;
export type AccountType = (typeof accountTypes)[number];
