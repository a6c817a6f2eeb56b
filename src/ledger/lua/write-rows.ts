import { higherTypes } from '../../people/account-types.ts';
import { BUCKET_ROWS } from '../rows/row-state.ts';
import { claim } from './claim-scripts.ts';
import { defineScript, luaList, yesOrNo } from './script.ts';

/**
 * Records a slice while the batch is in intake. The list holds four for each row: the type of a
 * person or `rejected`, the hash of the e-mail or nothing, the row as JSON, and `file:line` of a
 * person or the outcome as JSON. Bitmaps of types exist for lists that have such people, so that a
 * list of Users costs nothing.
 */
export const recordRows = defineScript({
  keys: ['record', 'rows', 'outcomes', 'states', 'claims', 'emails', 'types'],
  args: ['batch', 'batches', 'first'],
  uses: [claim],
  reply: yesOrNo,
  source: `
if redis.call('HGET', record, 'state') ~= 'intake' then return 0 end
local indexed, has = {}, {}
for _, type in ipairs(${luaList(higherTypes)}) do
  has[type] = redis.call('EXISTS', types .. type) == 1
end
for index = list, #ARGV, 4 do
  local row = tonumber(first) + (index - list) / 4
  local kind, hash, input, extra = ARGV[index], ARGV[index + 1], ARGV[index + 2], ARGV[index + 3]
  local bucket = math.floor(row / ${BUCKET_ROWS})
  local state, outcome = 'rejected', extra
  if kind ~= 'rejected' then
    local person = { batch = batch, hash = hash, row = row, place = extra }
    local code, reason
    state, code, reason = claim(claims, batches, person)
    outcome = code and cjson.encode({ code = code, reason = reason })
  end
  local isNew = redis.call('HSET', rows .. bucket, row, input) == 1
  if isNew and hash ~= '' then
    local part = string.sub(hash, 1, 1)
    indexed[part] = (indexed[part] or '') .. string.sub(hash, 2, 5) .. struct.pack('>I4', row)
  end
  if outcome then redis.call('HSET', outcomes .. bucket, row, outcome)
  else redis.call('HDEL', outcomes .. bucket, row) end
  for _, each in ipairs({ 'pending', 'rejected', 'duplicate' }) do
    redis.call('SETBIT', states .. each, row, each == state and 1 or 0)
  end
  if state == 'pending' and has[kind] == false then has[kind] = true end
  for type, exists in pairs(has) do
    local isOfType = state == 'pending' and type == kind
    if exists then redis.call('SETBIT', types .. type, row, isOfType and 1 or 0) end
  end
end
for part, records in pairs(indexed) do redis.call('APPEND', emails .. part, records) end
return 1
`,
});
