import { z } from 'zod';
import { defineScript } from './script.ts';

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
