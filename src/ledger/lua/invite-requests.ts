import { z } from 'zod';
import { defineScript } from './script.ts';

/**
 * Notes that an invite request is about to be sent. A note that is still there belongs to a request
 * without a known outcome, which joins the list as such. Returns how often in a row that happened.
 */
export const noteSending = defineScript({
  keys: ['record', 'invites'],
  args: ['round', 'people'],
  reply: z.number(),
  source: `
local before, times = redis.call('HGET', record, 'sending'), 0
if before then
  redis.call('RPUSH', invites, before)
  times = (cjson.decode(before).times or 0) + 1
end
redis.call('HSET', record, 'sending', cjson.encode({
  round = tonumber(round), at = nowMs(), people = tonumber(people), known = false, times = times }))
return times
`,
});

/**
 * Notes that the portal accepted the request, and in the same step that its rows are invited. Works
 * also when Redis has lost the note that the request was about to be sent. `rows` is a bitmap,
 * `scratch` a key that exists only inside this step.
 */
export const noteAccepted = defineScript({
  keys: ['record', 'invites', 'invited', 'scratch'],
  args: ['rows'],
  reply: z.number(),
  source: `
local sending = redis.call('HGET', record, 'sending')
local round = tonumber(redis.call('HGET', record, 'round'))
local request = sending and cjson.decode(sending) or { round = round, at = nowMs() }
request.known = true
redis.call('RPUSH', invites, cjson.encode(request))
redis.call('SET', scratch, rows)
redis.call('BITOP', 'OR', invited, invited, scratch)
redis.call('DEL', scratch)
redis.call('HDEL', record, 'sending')
return 1
`,
});
