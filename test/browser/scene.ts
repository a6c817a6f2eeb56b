import type { Page } from 'playwright-core';
import type { Role } from '../../src/console/auth/roles.ts';

/** Pages of one state of the console, with the status that each must have. */
export interface Scene {
  name: string;
  /** Role is `operator` where none is named. */
  pages: readonly (readonly [path: string, status: number, role?: Role])[];
  /** Steps on a page before it is looked at, by its path. */
  acts?: Readonly<Record<string, (page: Page) => Promise<unknown>>>;
  /**
   * Brings the state about, and returns the addresses of consoles for these roles, and values of
   * names like `:plan` in paths.
   */
  open(): Promise<Partial<Record<Role, string>> & { keys?: Record<string, string> }>;
}
