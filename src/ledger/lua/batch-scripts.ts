import { z } from 'zod';
import { defineScript, yesOrNo } from './script.ts';

/** Creates the batch unless it exists. The list holds fields and values of its record. */
export const openBatch = defineScript({
  keys: ['record', 'batches'],
  args: ['id'],
  reply: z.number(),
  source: `
if redis.call('EXISTS', record) == 1 then return 0 end
local now = nowMs()
redis.call('HSET', record, 'state', 'intake', 'round', 1, 'acceptedAt', now, unpack(ARGV, list))
redis.call('ZADD', batches, now, id)
return 1
`,
});

/** Notes when the batch was accepted by the portal's clock; the earliest time it ever gave stays. */
export const noteClock = defineScript({
  keys: ['record'],
  args: ['portalNow'],
  reply: z.number(),
  source: `
local known = redis.call('HMGET', record, 'acceptedAt', 'acceptedOnPortal')
if not known[1] then return 0 end
local accepted = tonumber(known[1]) + tonumber(portalNow) - nowMs()
if known[2] and tonumber(known[2]) <= accepted then return 0 end
redis.call('HSET', record, 'acceptedOnPortal', accepted)
return 1
`,
});

/** Releases the invite. A batch that was purged meanwhile does not come back. */
export const openGate = defineScript({
  keys: ['record'],
  reply: z.number(),
  source: `
if redis.call('EXISTS', record) == 0 then return 0 end
return redis.call('HSET', record, 'inviteReleased', 1)
`,
});

/** Moves the batch to another state with the fields and values of the list, if it is in `from`. */
export const moveBatch = defineScript({
  keys: ['record'],
  args: ['from', 'to'],
  reply: z.number(),
  source: `
if redis.call('HGET', record, 'state') ~= from then return 0 end
redis.call('HSET', record, 'state', to, unpack(ARGV, list))
return 1
`,
});

/**
 * Begins the next round. `states` is separated by spaces. Returns the round, or 0 when the batch is
 * in another state or its invite is being sent.
 */
export const beginRound = defineScript({
  keys: ['record', 'inviter'],
  args: ['states'],
  reply: z.number(),
  source: `
local state = redis.call('HGET', record, 'state')
if not string.find(' ' .. states .. ' ', ' ' .. state .. ' ', 1, true) then return 0 end
local isSending = redis.call('HEXISTS', record, 'sending') + redis.call('EXISTS', inviter) > 0
if state == 'inviting' and isSending then return 0 end
redis.call('HSET', record, 'state', 'processing', 'expected', 0)
redis.call('HDEL', record, 'finishedAt', 'cancelling', 'sending')
return redis.call('HINCRBY', record, 'round', 1)
`,
});

/** Marks an unfinished batch as being cancelled; `how` is `invite` or `no-invite`. */
export const beginCancel = defineScript({
  keys: ['record'],
  args: ['how'],
  reply: yesOrNo,
  source: `
local state = redis.call('HGET', record, 'state')
if state == 'finished' or state == 'cancelled' then return 0 end
redis.call('HSET', record, 'cancelling', how)
return 1
`,
});

/** Ends the round. Notes the notification in the same step, so that no crash can lose it. */
export const finishBatch = defineScript({
  keys: ['record', 'pending', 'later', 'unqueued'],
  args: ['batch'],
  reply: yesOrNo,
  source: `
if redis.call('BITCOUNT', pending) > 0 then return 0 end
local known = redis.call('HMGET', record, 'state', 'cancelling')
if known[1] == 'finished' or known[1] == 'cancelled' then return 0 end
if not known[2] and redis.call('BITCOUNT', later) > 0 then
  redis.call('HSET', record, 'state', 'waiting')
  return 1
end
local now = nowMs()
local state = known[2] and 'cancelled' or 'finished'
redis.call('HSET', record, 'state', state, 'finishedAt', now)
if redis.call('HEXISTS', record, 'notify') == 1 then
  local round = redis.call('HGET', record, 'round')
  redis.call('SADD', unqueued, table.concat({ batch, round, state, string.format('%.0f', now) }, '.'))
end
return 1
`,
});

/**
 * Counts the invited rows, then those in each state of the list, at one moment: a row that changes
 * its state in between would be counted twice. A transaction would be refused while memory is full.
 */
export const countAll = defineScript({
  keys: ['invited', 'states'],
  reply: z.array(z.number()),
  source: `
local counts = { redis.call('BITCOUNT', invited) }
for index = list, #ARGV do
  table.insert(counts, redis.call('BITCOUNT', states .. ARGV[index]))
end
return counts
`,
});
