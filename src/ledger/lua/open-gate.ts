import { z } from 'zod';
import { defineScript } from './script.ts';

/** Releases the invite. A batch that was purged meanwhile does not come back. */
export const openGate = defineScript({
  keys: ['record'],
  reply: z.number(),
  source: `
if redis.call('EXISTS', record) == 0 then return 0 end
return redis.call('HSET', record, 'inviteReleased', 1)
`,
});
