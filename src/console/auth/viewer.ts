import type { Role } from './roles.ts';

/** Who is signed in. */
export interface Viewer {
  name: string;
  role: Role;
  /** The form token of the session, which every change sends back. */
  token: string;
  /** Line of the users file on which the session depends; absent where it is another one. */
  stamp?: string;
  /** Whether a proxy signed in, so that nobody can sign out here. */
  isOfProxy?: boolean;
}
