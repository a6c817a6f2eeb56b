import { z } from 'zod';
import { noteStop } from './note-stops.ts';
import { defineScript, yesOrNo } from './script.ts';

const admissionReply = z
  .tuple([z.number(), z.number()])
  .transform(([waitMs, mark]) => ({ waitMs, isProbe: mark === 1 }));

/**
 * Lua: ms to wait, and 1 when the caller is the probe of an outage. A wait longer than what was set
 * comes from a clock that was set back, and is over.
 */
export const admission = `
local function admission(wait, outage, token, probeMs, pollMs)
  local left = redis.call('PTTL', wait)
  if left > 0 then return left, 0 end
  local known = redis.call('HMGET', outage, 'until', 'wait', 'probe', 'probeUntil')
  if not known[1] then return 0, 0 end
  local now = nowMs()
  local outageLeft = tonumber(known[1]) - now
  if outageLeft > 0 and outageLeft <= tonumber(known[2]) then return outageLeft, 0 end
  local busy = (tonumber(known[4]) or 0) - now
  if known[3] and known[3] ~= token and busy > 0 and busy <= tonumber(probeMs) then
    return math.min(busy, tonumber(pollMs)), 0
  end
  redis.call('HSET', outage, 'probe', token, 'probeUntil', now + probeMs)
  return 0, 1
end
`;

/** Asks for admission alone. */
export const admit = defineScript({
  keys: ['wait', 'outage'],
  args: ['token', 'probeMs', 'pollMs'],
  uses: [admission],
  reply: admissionReply,
  source: `return { admission(wait, outage, token, probeMs, pollMs) }`,
});

/** Shorter waits are none of the batch's course, ms. */
const LEAST_NOTED_MS = 10_000;

/** Sets a wait with its reason and never shortens one; returns ms left. */
export const extendWait = defineScript({
  keys: ['wait', 'stops'],
  args: ['reason', 'ms', 'limiter'],
  uses: [noteStop],
  reply: z.number(),
  source: `
local left = redis.call('PTTL', wait)
if left >= tonumber(ms) then return left end
redis.call('SET', wait, reason, 'PX', ms)
if tonumber(ms) >= ${LEAST_NOTED_MS} then noteStop(stops, 'limited', limiter, nowMs() + ms) end
return tonumber(ms)
`,
});

/**
 * Returns ms to wait, half of them random, 1 for a failure that is not during a wait, and for how
 * many ms the outage has had this code.
 */
export const extendOutage = defineScript({
  keys: ['outage', 'stops'],
  args: ['code', 'firstMs', 'mostMs', 'random'],
  uses: [noteStop],
  reply: z
    .tuple([z.number(), z.number(), z.number()])
    .transform(([waitMs, mark, lastedMs]) => ({ waitMs, isNew: mark === 1, lastedMs })),
  source: `
local now = nowMs()
local before = redis.call('HMGET', outage, 'until', 'wait', 'code', 'codeSince')
local left = (tonumber(before[1]) or 0) - now
local since = tonumber(before[4]) or now
if before[3] ~= code then since = now end
local lasted = math.max(0, now - since)
if left > 0 and left <= (tonumber(before[2]) or 0) then return { left, 0, lasted } end
local failures = redis.call('HINCRBY', outage, 'failures', 1)
local full = math.min(tonumber(firstMs) * 2 ^ math.min(failures - 1, 30), tonumber(mostMs))
local wait = math.max(1, math.floor(full * (0.5 + 0.5 * tonumber(random))))
if redis.call('HSETNX', outage, 'since', now) == 1 then noteStop(stops, 'away', code) end
redis.call('HSET', outage, 'until', now + wait, 'wait', wait, 'code', code, 'codeSince', since)
redis.call('HDEL', outage, 'probe', 'probeUntil')
return { wait, 1, lasted }
`,
});

/** Ends the wait of an outage, so that the next request is its probe; returns 1 in an outage. */
export const endOutageWait = defineScript({
  keys: ['outage'],
  reply: yesOrNo,
  source: `
if redis.call('EXISTS', outage) == 0 then return 0 end
redis.call('HDEL', outage, 'probe', 'probeUntil')
redis.call('HSET', outage, 'until', 0)
return 1
`,
});

/** Ends the probe of this token, which has not asked the portal anything. */
export const endProbe = defineScript({
  keys: ['outage'],
  args: ['token'],
  reply: z.number(),
  source: `
if redis.call('HGET', outage, 'probe') ~= token then return 0 end
return redis.call('HDEL', outage, 'probe', 'probeUntil')
`,
});
