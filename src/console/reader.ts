import type { Role } from './auth/roles.ts';

/** For whom, and when, a part of a page is made. Live parts are shared by everybody of a role. */
export interface Reader {
  role: Role;
  /** ms since the epoch */
  now: number;
}
