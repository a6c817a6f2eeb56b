import { defineScript } from './script.ts';
import { NOW } from './scripts.ts';

/**
 * KEYS pause of the queue, outage. ARGV token, how long a probe may take, how long others wait for it
 * (ms). Returns ms to wait, and 1 when the caller is the probe. A wait that is longer than what was
 * set comes of a clock that was put back, and is over.
 */
export const admit = defineScript(`${NOW}
local left = redis.call('PTTL', KEYS[1])
if left > 0 then return { left, 0 } end
local outage = redis.call('HMGET', KEYS[2], 'until', 'wait', 'probe', 'probeUntil')
if not outage[1] then return { 0, 0 } end
local wait = tonumber(outage[1]) - now
if wait > 0 and wait <= tonumber(outage[2]) then return { wait, 0 } end
local busy = (tonumber(outage[4]) or 0) - now
if outage[3] and outage[3] ~= ARGV[1] and busy > 0 and busy <= tonumber(ARGV[2]) then
  return { math.min(busy, tonumber(ARGV[3])), 0 }
end
redis.call('HSET', KEYS[2], 'probe', ARGV[1], 'probeUntil', now + ARGV[2])
return { 0, 1 }
`);

/** KEYS pause. ARGV value, milliseconds. Never shortens what is set; returns ms left. */
export const extendPause = defineScript(`
local left = redis.call('PTTL', KEYS[1])
if left >= tonumber(ARGV[2]) then return left end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return tonumber(ARGV[2])
`);

/**
 * KEYS outage. ARGV code, first and longest wait (ms), a random number from 0 to 1. A failure while
 * the wait lasts is part of the same; each later one doubles the wait, half of it random. Returns
 * ms to wait, and 1 for a new failure.
 */
export const extendOutage = defineScript(`${NOW}
local before = redis.call('HMGET', KEYS[1], 'until', 'wait')
local left = (tonumber(before[1]) or 0) - now
if left > 0 and left <= (tonumber(before[2]) or 0) then return { left, 0 } end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local full = math.min(tonumber(ARGV[2]) * 2 ^ math.min(failures - 1, 30), tonumber(ARGV[3]))
local wait = math.max(1, math.floor(full * (0.5 + 0.5 * tonumber(ARGV[4]))))
redis.call('HSETNX', KEYS[1], 'since', now)
redis.call('HSET', KEYS[1], 'until', now + wait, 'wait', wait, 'code', ARGV[1])
redis.call('HDEL', KEYS[1], 'probe', 'probeUntil')
return { wait, 1 }
`);

/** KEYS outage. ARGV token. The probe of this token ended without a question to the portal. */
export const endProbe = defineScript(`
if redis.call('HGET', KEYS[1], 'probe') ~= ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], 'probe', 'probeUntil')
`);
