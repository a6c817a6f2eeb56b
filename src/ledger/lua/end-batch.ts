import { nowMs } from './now.ts';
import { defineScript, yesOrNo } from './script.ts';

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

/**
 * Ends the round: the batch is finished, cancelled, or waits with rows that were held back. Refused
 * while a row is pending or when the batch was over. The notification is noted in the same step, so
 * no crash can lose it.
 */
export const finishBatch = defineScript({
  keys: ['record', 'pending', 'later', 'unqueued'],
  args: ['batch'],
  uses: [nowMs],
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
