import { z } from 'zod';
import { rowMarks } from '../rows/marks.ts';
import { BUCKET_ROWS, rowStates } from '../rows/row-state.ts';
import { defineScript, luaList } from './script.ts';

const text = z.string().nullable();
const row = z.tuple([z.number(), z.number(), z.number(), z.array(z.number()), text, text]);

/**
 * Reads the rows in the list: number, state, whether invited, marks (both counted from 1; 0 is none)
 * and both texts. Counts the rows of the bitmaps that `counted` names (separated by spaces), all of
 * them and those before the row `before`. One atomic step, 20 commands a row: 1 ms for 50 rows.
 */
export const readRows = defineScript({
  keys: ['record', 'states', 'marks', 'invited', 'rows', 'outcomes'],
  args: ['counted', 'before'],
  reply: z
    .tuple([z.number(), z.number(), z.array(row)])
    .transform(([total, before, rows]) => ({ total, before, rows })),
  source: `
local function bitsBefore(key, row)
  local byte = math.floor(row / 8)
  local bits = byte > 0 and redis.call('BITCOUNT', key, 0, byte - 1) or 0
  for bit = byte * 8, row - 1 do bits = bits + redis.call('GETBIT', key, bit) end
  return bits
end
local total, earlier = 0, 0
for name in string.gmatch(counted, '%S+') do
  local key = record .. ':' .. name
  total = total + redis.call('BITCOUNT', key)
  earlier = earlier + bitsBefore(key, tonumber(before))
end
local found = {}
for index = list, #ARGV do
  local row, state, has = ARGV[index], 0, {}
  local bucket = math.floor(row / ${BUCKET_ROWS})
  for number, name in ipairs(${luaList(rowStates)}) do
    if redis.call('GETBIT', states .. name, row) == 1 then state = number end
  end
  for number, name in ipairs(${luaList(rowMarks)}) do
    if redis.call('GETBIT', marks .. name, row) == 1 then table.insert(has, number) end
  end
  table.insert(found, {
    tonumber(row), state, redis.call('GETBIT', invited, row), has,
    redis.call('HGET', rows .. bucket, row), redis.call('HGET', outcomes .. bucket, row)
  })
end
return { total, earlier, found }
`,
});
