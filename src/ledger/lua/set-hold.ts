import { noteStop } from './note-stops.ts';
import { defineScript, yesOrNo } from './script.ts';

/** Writes a hold, whole or not at all; the first one stays. The list holds fields and values. */
export const setHold = defineScript({
  keys: ['hold', 'stops'],
  uses: [noteStop],
  reply: yesOrNo,
  source: `
if redis.call('HEXISTS', hold, 'since') == 1 then return 0 end
redis.call('HSET', hold, unpack(ARGV))
local code = redis.call('HGET', hold, 'code') or 'unknown'
noteStop(stops, code == 'paused' and 'paused' or 'held', code)
return 1
`,
});
