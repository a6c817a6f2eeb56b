import { z } from 'zod';
import { nowMs } from './now.ts';
import { defineScript } from './script.ts';

/** Creates the batch unless it exists. The list holds fields and values of its record. */
export const openBatch = defineScript({
  keys: ['record', 'batches'],
  args: ['id'],
  uses: [nowMs],
  reply: z.number(),
  source: `
if redis.call('EXISTS', record) == 1 then return 0 end
local now = nowMs()
redis.call('HSET', record, 'state', 'intake', 'round', 1, 'acceptedAt', now, unpack(ARGV, list))
redis.call('ZADD', batches, now, id)
return 1
`,
});
