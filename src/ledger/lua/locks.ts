import { z } from 'zod';
import { defineScript, yesOrNo } from './script.ts';

/** Extends a lock that this token still holds. */
export const extendLock = defineScript({
  keys: ['lock'],
  args: ['token', 'ms'],
  reply: yesOrNo,
  source: `
if redis.call('GET', lock) ~= token then return 0 end
return redis.call('PEXPIRE', lock, ms)
`,
});

/** Takes a lock that is free or held by this token. */
export const takeLock = defineScript({
  keys: ['lock'],
  args: ['token', 'ms'],
  reply: yesOrNo,
  source: `
local holder = redis.call('GET', lock)
if holder and holder ~= token then return 0 end
redis.call('SET', lock, token, 'PX', ms)
return 1
`,
});

/** Removes a lock that this token holds. */
export const dropLock = defineScript({
  keys: ['lock'],
  args: ['token'],
  reply: z.number(),
  source: `
if redis.call('GET', lock) == token then return redis.call('DEL', lock) end
return 0
`,
});
