import { z } from 'zod';
import { defineScript } from './script.ts';

/** Sets or clears marks: the list holds mark, row and bit, in turn. */
export const changeMarks = defineScript({
  keys: ['record', 'marks'],
  reply: z.number(),
  source: `
if redis.call('EXISTS', record) == 0 then return 0 end
for index = list, #ARGV, 3 do
  redis.call('SETBIT', marks .. ARGV[index], ARGV[index + 1], ARGV[index + 2])
end
return 1
`,
});
