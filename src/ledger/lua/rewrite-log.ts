import { z } from 'zod';
import { defineScript } from './script.ts';

/**
 * Replaces the details of entries of the action log; the list holds ids and details. A stream cannot
 * change an entry, so all (10,000 at most) are written again under their ids, in one step. Ours have
 * seven fields; one with more than a hundred is dropped, because Lua cannot pass on thousands, and a
 * script that stops half-way has deleted the log.
 */
export const rewriteLog = defineScript({
  keys: ['log'],
  reply: z.number(),
  source: `
local details = {}
for at = list, #ARGV, 2 do details[ARGV[at]] = ARGV[at + 1] end
local entries = redis.call('XRANGE', log, '-', '+')
redis.call('DEL', log)
local changed = 0
for _, entry in ipairs(entries) do
  local id, fields = entry[1], entry[2]
  if details[id] then
    changed = changed + 1
    for at = 1, #fields, 2 do
      if fields[at] == 'details' then fields[at + 1] = details[id] end
    end
  end
  if #fields <= 200 then redis.call('XADD', log, id, unpack(fields)) end
end
return changed
`,
});
