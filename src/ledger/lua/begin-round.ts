import { z } from 'zod';
import { defineScript } from './script.ts';

/**
 * Begins the next round of a batch that is in one of `states` (a list separated by spaces). Returns
 * the round, or 0 when the batch is in another state or its invite is being sent.
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
