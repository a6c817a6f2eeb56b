import { z } from 'zod';
import { nowMs } from './now.ts';
import { defineScript } from './script.ts';

/** Notes when the batch was accepted by the portal's clock; the earliest time it ever gave stays. */
export const noteClock = defineScript({
  keys: ['record'],
  args: ['portalNow'],
  uses: [nowMs],
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
