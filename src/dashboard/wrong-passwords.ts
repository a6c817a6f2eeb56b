import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import type { Logger } from '../process/logger.ts';
import type { Timings } from '../timings.ts';

/** Wrong passwords of one address that may wait for their answer at a time. */
const MOST_WAITING = 5;

export interface Credentials {
  user: string;
  password: string;
}

interface Parts {
  logger: Logger;
  timings: Timings;
}

/**
 * Basic auth. A wrong password is logged and answered after `wrongPasswordMs`. While five of an
 * address wait, nothing more of it is checked, or guesses sent together would not wait: five guesses
 * a second at most.
 */
export function passwordOf(credentials: Credentials, parts: Parts): MiddlewareHandler {
  const { logger, timings } = parts;
  const expected = digestOf(credentials.user, credentials.password);
  const waiting = new Map<string, number>();
  const count = (address: string, change: number) => {
    const now = (waiting.get(address) ?? 0) + change;
    if (now === 0) waiting.delete(address);
    else waiting.set(address, now);
  };
  const verifyUser = async (user: string, password: string, c: Context): Promise<boolean> => {
    const address: string = c.env?.incoming?.socket?.remoteAddress ?? '';
    if ((waiting.get(address) ?? 0) >= MOST_WAITING) return false;
    if (timingSafeEqual(digestOf(user, password), expected)) return true;
    logger.warn({ address }, 'wrong password for the dashboard');
    count(address, 1);
    await sleep(timings.wrongPasswordMs, undefined, { ref: false });
    count(address, -1);
    return false;
  };
  return basicAuth({ verifyUser, realm: 'docspace-onboard' });
}

/** Digests have one length, so that comparing them takes the same time for every guess. */
function digestOf(user: string, password: string): Buffer {
  return createHash('sha256').update(`${user}:${password}`).digest();
}
