import { z } from 'zod';
import { higherTypes } from '../../people/account-types.ts';
import { rowMarks } from '../rows/marks.ts';
import { defineScript, luaList } from './script.ts';

/**
 * Counts the invited rows, those of each higher type, those with each mark, and those in each state
 * of the list, at one moment: a row that changes its state in between would be counted twice. A transaction would be
 * refused while memory is full.
 */
export const countAll = defineScript({
  keys: ['invited', 'states', 'types', 'marks'],
  reply: z.array(z.number()),
  source: `
local counts = { redis.call('BITCOUNT', invited) }
for _, type in ipairs(${luaList(higherTypes)}) do
  table.insert(counts, redis.call('BITCOUNT', types .. type))
end
for _, mark in ipairs(${luaList(rowMarks)}) do
  table.insert(counts, redis.call('BITCOUNT', marks .. mark))
end
for index = list, #ARGV do
  table.insert(counts, redis.call('BITCOUNT', states .. ARGV[index]))
end
return counts
`,
});
