import { z } from 'zod';
import { defineScript, yesOrNo } from './script.ts';

/** A note that is still there is of a request without a known outcome: it joins the list as such. */
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
 * Works also when Redis has lost the note of `noteSending`. `rows` is a bitmap, `scratch` a key
 * that exists only inside this step.
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

/** Notes how the next request is cut; an empty text for `stuck` means that nothing stops it. */
export const noteInviting = defineScript({
  keys: ['record'],
  args: ['invitePart', 'stuck'],
  reply: z.number(),
  source: `
if redis.call('EXISTS', record) == 0 then return 0 end
redis.call('HSET', record, 'invitePart', invitePart)
if stuck == '' then redis.call('HDEL', record, 'stuck')
else redis.call('HSET', record, 'stuck', stuck) end
return 1
`,
});

/** Forgets why the invite is stuck, and whom the portal refused. */
export const clearStuck = defineScript({
  keys: ['record', 'marks'],
  reply: yesOrNo,
  source: `
if redis.call('HEXISTS', record, 'stuck') == 0 then return 0 end
redis.call('HDEL', record, 'stuck', 'invitePart')
redis.call('DEL', marks .. 'invite-refused')
return 1
`,
});
