import { z } from 'zod';
import { defineScript, yesOrNo } from './script.ts';

/**
 * After a 429 the pace falls to this part, and rises by this part of the lowered pace a minute: it is
 * back after 17 minutes, so that others who use the limit evenly cause one 429 in that time.
 */
const LOWERED = 0.75;
const RISE_A_MINUTE = 0.02;

/** Refusals of requests that were under way together lower the pace once, ms: the portal's window. */
const TOGETHER_MS = 60_000;

/** Why the pace is what it is. */
export const paceReasons = ['configured', 'portal', 'shared'] as const;

/**
 * Lua: requests a minute that are allowed now, 0 without a limit, and why: \`configured\`,
 * \`portal\` (its own limit is lower) or \`shared\` (others use it, too).
 */
const paceNow = `
local function paceNow(limits, now)
  local names = { 'limit', 'limitUntil', 'lowered', 'loweredAt', 'requestsPerMinute' }
  local known = redis.call('HMGET', limits, unpack(names))
  for index = 1, #names do known[index] = tonumber(known[index] or nil) end
  local most, why = known[5] or 0, 'configured'
  local limit, lowered = known[1], known[3]
  if limit and known[2] and now < known[2] and (most == 0 or limit < most) then
    most, why = limit, 'portal'
  end
  if most > 0 and lowered and known[4] and known[4] <= now then
    local risen = lowered * (1 + ${RISE_A_MINUTE} * (now - known[4]) / 60000)
    if risen < most then return risen, 'shared', most end
  end
  return most, why, most
end
`;

/** Lua: requests at a time of all processes, within what the portal allows. */
const writersNow = `
local function writersNow(limits, writers)
  local total = tonumber(redis.call('HGET', limits, 'concurrency') or 1) or 1
  local bound = tonumber(redis.call('GET', writers) or 0)
  return bound > 0 and math.min(bound, total) or total
end
`;

/**
 * Notes a refusal by the portal's limit of requests. Its own limit becomes ours where that is lower;
 * where it is not, others use it, too, and the pace is lowered. Returns 1 when something changed.
 */
export const lowerPace = defineScript({
  keys: ['limits'],
  args: ['limit', 'forMs'],
  uses: [paceNow],
  reply: yesOrNo,
  source: `
local now = nowMs()
local allowed, _, most = paceNow(limits, now)
limit = tonumber(limit)
if limit > 0 and (most == 0 or limit < most) then
  redis.call('HSET', limits, 'limit', limit, 'limitUntil', now + forMs)
  return 1
end
local last = tonumber(redis.call('HGET', limits, 'loweredAt') or 0)
if most == 0 or (last <= now and now - last < ${TOGETHER_MS}) then return 0 end
redis.call('HSET', limits, 'lowered', math.max(1, allowed * ${LOWERED}), 'loweredAt', now)
return 1
`,
});

/** Notes how many requests at a time the portal allows; a smaller number stays. 1 when it is news. */
export const boundWriters = defineScript({
  keys: ['writers'],
  args: ['most', 'forMs'],
  reply: yesOrNo,
  source: `
local known = tonumber(redis.call('GET', writers) or 0)
if known > 0 and known <= tonumber(most) then return 0 end
redis.call('SET', writers, most, 'PX', forMs)
return 1
`,
});

/**
 * Renews the lease of one process on the limits. The list holds processes that are known to be dead:
 * their leases end soon, but not at once, since the portal may still be at their last requests.
 * Everybody gets an equal part of the writers that are not held by another: a process that joins waits
 * until the others have given up theirs. One that is to have fewer holds what it may still use, until
 * it asks the next time with fewer in use. Returns its writers, its equal part, the writers of all, and the
 * pace of all.
 */
export const renewLease = defineScript({
  keys: ['leases', 'writers', 'limits'],
  args: ['id', 'forMs', 'inUse', 'deadMs'],
  uses: [paceNow, writersNow],
  reply: z
    .tuple([z.number(), z.number(), z.number(), z.string()])
    .transform(([writers, fair, total, perMinute]) => {
      return { writers, fair, total, perMinute: Number(perMinute) };
    }),
  source: `
local now = nowMs()
local dead = {}
for index = list, #ARGV do dead[ARGV[index]] = true end
local ids, held = { id }, 0
local known = redis.call('HGETALL', leases)
for index = 1, #known, 2 do
  local holder = known[index]
  local ends, writers = string.match(known[index + 1], '^(%d+) (%d+)$')
  local left = (tonumber(ends) or 0) - now
  if left <= 0 or left > 2 * forMs then redis.call('HDEL', leases, holder)
  elseif holder ~= id then
    held = held + writers
    if not dead[holder] then table.insert(ids, holder)
    elseif left > tonumber(deadMs) then
      redis.call('HSET', leases, holder, string.format('%.0f %d', now + deadMs, writers))
    end
  end
end
table.sort(ids)
local rank = 1
while ids[rank] ~= id do rank = rank + 1 end
local total = writersNow(limits, writers)
local fair = math.floor(total / #ids) + (rank <= total % #ids and 1 or 0)
local granted = math.max(0, math.min(fair, total - held))
local kept = math.max(granted, tonumber(inUse))
redis.call('HSET', leases, id, string.format('%.0f %d', now + forMs, kept))
redis.call('PEXPIRE', leases, forMs)
return { granted, fair, total, tostring((paceNow(limits, now))) }
`,
});

/** The limits in force and why; nothing before the first worker. */
export const readLimits = defineScript({
  keys: ['limits', 'writers'],
  uses: [paceNow, writersNow],
  reply: z
    .tuple([z.string(), z.enum(paceReasons), z.number()])
    .transform(([perMinute, why, writers]) => ({ perMinute: Number(perMinute), why, writers }))
    .nullable(),
  source: `
if redis.call('EXISTS', limits) == 0 then return false end
local perMinute, why = paceNow(limits, nowMs())
return { tostring(perMinute), why, writersNow(limits, writers) }
`,
});
