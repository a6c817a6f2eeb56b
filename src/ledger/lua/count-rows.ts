import { z } from 'zod';
import { defineScript } from './script.ts';

/**
 * Counts the invited rows, then those in each state of the list, at one moment: a row that changes
 * its state in between would be counted twice. A transaction would be refused while memory is full.
 */
export const countAll = defineScript({
  keys: ['invited', 'states'],
  reply: z.array(z.number()),
  source: `
local counts = { redis.call('BITCOUNT', invited) }
for index = list, #ARGV do
  table.insert(counts, redis.call('BITCOUNT', states .. ARGV[index]))
end
return counts
`,
});
