import { z } from 'zod';
import { defineScript } from './script.ts';

/**
 * Moves the rows in the list from one state to another: holds them back, takes them up, or cancels
 * them. A row in doubt may have an account, so it stays and is looked up. Returns how many moved.
 */
export const moveRows = defineScript({
  keys: ['from', 'to', 'outcomes'],
  args: ['bucketRows'],
  reply: z.number(),
  source: `
local moved = 0
for index = list, #ARGV do
  local row = ARGV[index]
  local outcome = redis.call('HGET', outcomes .. math.floor(row / bucketRows), row)
  local isInDoubt = outcome and string.find(outcome, '"doubt"', 1, true)
  if redis.call('GETBIT', from, row) == 1 and not isInDoubt then
    redis.call('SETBIT', from, row, 0)
    redis.call('SETBIT', to, row, 1)
    moved = moved + 1
  end
end
return moved
`,
});
