import { z } from 'zod';
import { sample } from './note-course.ts';
import { defineScript, yesOrNo } from './script.ts';

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
redis.call('HDEL', record, 'finishedAt', 'cancelling', 'sending', 'invitePart', 'stuck')
local round = redis.call('HINCRBY', record, 'round', 1)
redis.call('HSET', record, 'roundAt.' .. string.format('%d', round), nowMs())
return round
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
  keys: ['record', 'pending', 'later', 'unqueued', 'course', 'states'],
  args: ['batch'],
  uses: [sample],
  reply: yesOrNo,
  source: `
if redis.call('BITCOUNT', pending) > 0 then return 0 end
local known = redis.call('HMGET', record, 'state', 'cancelling')
if known[1] == 'finished' or known[1] == 'cancelled' then return 0 end
sample(course, states, nowMs(), true)
if not known[2] and redis.call('BITCOUNT', later) > 0 then
  redis.call('HSET', record, 'state', 'waiting')
  if redis.call('HEXISTS', record, 'notify') == 1 then
    local at, since = string.format('%.0f', nowMs()), redis.call('HGET', record, 'round')
    redis.call('HSET', record, 'waitsSince.' .. since, at)
    redis.call('SADD', unqueued, table.concat({ batch, since, 'waiting', at }, '.'))
  end
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
