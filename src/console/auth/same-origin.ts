import { timingSafeEqual } from 'node:crypto';
import type { ConsoleContext } from '../route.ts';
import type { Site } from './site.ts';
import type { Viewer } from './viewer.ts';

/** Whether a browser sent a request from a page of this console. */
export function isOurSite(c: ConsoleContext, site: Site): boolean {
  const origin = c.req.header('origin');
  if (origin !== undefined && !site.isOrigin(origin, c)) return false;
  const from = c.req.header('sec-fetch-site');
  if (from !== undefined && from !== 'same-origin') return false;
  return origin !== undefined || from !== undefined;
}

/**
 * Whether a change was sent by a page of this console, for this session: a browser tells the origin
 * of each POST, and another site cannot know the session's form token.
 */
export async function isOurOwn(
  c: ConsoleContext,
  site: Site,
  viewer: Viewer | undefined,
): Promise<boolean> {
  if (!isOurSite(c, site)) return false;
  // A form that cannot be read is none of ours.
  const fields = await c.req.parseBody().catch(() => undefined);
  if (fields === undefined || viewer === undefined) return fields !== undefined;
  const { token } = fields;
  return typeof token === 'string' && isSame(token, viewer.token);
}

/** Compares a token in a time that does not depend on it. */
export function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
