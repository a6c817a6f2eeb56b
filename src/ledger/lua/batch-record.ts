import { z } from 'zod';
import { defineScript } from './script.ts';

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
