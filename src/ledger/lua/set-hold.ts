import { defineScript, yesOrNo } from './script.ts';

/** Writes a hold, whole or not at all; the first one stays. The list holds fields and values. */
export const setHold = defineScript({
  keys: ['hold'],
  reply: yesOrNo,
  source: `
if redis.call('HEXISTS', hold, 'since') == 1 then return 0 end
redis.call('HSET', hold, unpack(ARGV))
return 1
`,
});
