import { OnboardError } from '../../errors.ts';
import type { Account } from './accounts.ts';

/** An API key of the sandbox (P-KEY-02). */
export interface SandboxKey {
  /** The whole key, starting with `sk-`. */
  key: string;
  /** Scopes; an empty list or `*` is full access. */
  permissions?: readonly string[];
  /** Epoch ms; never by default. */
  expiresAt?: number;
  isActive?: boolean;
  /** Owner of the key; the portal's owner by default. */
  role?: 'owner' | 'DocSpaceAdmin' | 'RoomAdmin' | 'User';
  /** Culture of the owner, in which the portal speaks to the key; the portal's by default. */
  culture?: string;
}

/** Key of a sandbox started without keys: 64 hex digits, useless elsewhere. */
export const demoKey = `sk-${'0123456789abcdef'.repeat(4)}`;

/** A key in the portal. Times are epoch ms. */
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

/**
 * Turns a key into an object.
 * @throws OnboardError E_CONFIG for a key without `sk-`; the message does not repeat the key.
 */
export function readKey(given: string | SandboxKey): SandboxKey {
  const entry = typeof given === 'string' ? { key: given } : given;
  if (entry.key.startsWith('sk-')) return entry;
  const text = 'A key of the sandbox does not begin with "sk-": write it like a DocSpace key.';
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
