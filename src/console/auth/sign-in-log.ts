import type { Role } from './roles.ts';

/** Who is about to be noted; without a name, somebody whom nobody knows. */
interface Noted {
  name?: string | undefined;
  role?: Role | undefined;
}

/** Where signing in and out is recorded. */
export type SignInLog = (
  what: 'sign-in' | 'sign-in-failed' | 'sign-out',
  who: Noted,
) => Promise<void>;
