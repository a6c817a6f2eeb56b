import { OnboardError } from '../errors.ts';
import type { Account } from './accounts.ts';

/** Whose key it is; the portal's owner when not said. */
export type StaffRole = 'owner' | 'DocSpaceAdmin' | 'RoomAdmin' | 'User';

/** An API key of the sandbox (P-KEY-02). */
export interface SandboxKey {
  /** The whole key, beginning with `sk-`. */
  key: string;
  /** Scopes; none or `*` is full access. */
  permissions?: readonly string[];
  /** Epoch ms; never when absent. */
  expiresAt?: number;
  isActive?: boolean;
  role?: StaffRole;
}

/** The key of a sandbox that was started without one: 64 hex digits, worthless anywhere else. */
export const demoKey = `sk-${'0123456789abcdef'.repeat(4)}`;

/** A key as the portal knows it. Times are epoch ms. */
export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  readonly permissions: readonly string[];
  readonly expiresAt: number | undefined;
  readonly isActive: boolean;
  readonly owner: Account;
  readonly createdAt: number;
  lastUsedAt: number;
}

/** Who calls: a valid key and the account it acts as. */
export interface Caller {
  readonly key: ApiKey;
  readonly account: Account;
}

/**
 * A key as given, as an object.
 * @throws OnboardError E_CONFIG when it does not begin with `sk-`; the key itself is not repeated.
 */
export function readKey(given: string | SandboxKey): SandboxKey {
  const entry = typeof given === 'string' ? { key: given } : given;
  if (entry.key.startsWith('sk-')) return entry;
  const text =
    'A key of the sandbox does not begin with "sk-": give it the form of a DocSpace key.';
  throw new OnboardError('E_CONFIG', text);
}

/** The claims of a key: full access is `*:write` alone (P-KEY-04). */
export function scopesOf(key: ApiKey): readonly string[] {
  const isFull = key.permissions.length === 0 || key.permissions.includes('*');
  return isFull ? ['*:write'] : key.permissions;
}

/** Whether a key may be used at `at`: active and not expired. */
export function isUsable(key: ApiKey, at: number): boolean {
  return key.isActive && (key.expiresAt === undefined || at < key.expiresAt);
}
