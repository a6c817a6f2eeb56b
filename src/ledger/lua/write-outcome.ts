import { z } from 'zod';
import { BUCKET_ROWS } from '../rows/row-state.ts';
import { sample } from './note-course.ts';
import { defineScript, yesOrNo } from './script.ts';

/** Spans for which settled rows are counted: together the last five minutes. */
export const SETTLED_SPAN_MS = 10_000;
const SETTLED_SPANS = 30;

/** Lua: whether a row is pending in this round; a late or second worker must change nothing. */
const isPending = `
local function isPending(record, pending, round, row)
  return redis.call('HGET', record, 'round') == round and redis.call('GETBIT', pending, row) == 1
end
`;

/**
 * Lua: writes the outcome of a row and keeps what earlier rounds left in its history; \`before\` is
 * the outcome it has.
 */
export const writeOutcome = `
local function writeOutcome(outcomes, row, outcome, before)
  if before and string.find(before, '"history"', 1, true) then
    local fresh = cjson.decode(outcome)
    fresh.history = cjson.decode(before).history
    outcome = cjson.encode(fresh)
  end
  redis.call('HSET', outcomes, row, outcome)
end
`;

/**
 * Lua: counts settled rows in their span of time, and forgets spans that are too old. Returns whether
 * they are the first of their span.
 */
const countSettled = `
local function countSettled(settled, now, count)
  local span = math.floor(now / ${SETTLED_SPAN_MS})
  if redis.call('HINCRBY', settled, span, count) > count then return false end
  for _, old in ipairs(redis.call('HKEYS', settled)) do
    if tonumber(old) <= span - ${SETTLED_SPANS} then redis.call('HDEL', settled, old) end
  end
  redis.call('PEXPIRE', settled, ${SETTLED_SPANS * SETTLED_SPAN_MS})
  return true
end
`;

/** Writes the outcome of a row that stays pending. */
export const noteOutcome = defineScript({
  keys: ['record', 'pending', 'outcomes'],
  args: ['round', 'row', 'outcome'],
  uses: [isPending, writeOutcome],
  reply: yesOrNo,
  source: `
if not isPending(record, pending, round, row) then return 0 end
writeOutcome(outcomes, row, outcome, redis.call('HGET', outcomes, row))
return 1
`,
});

/**
 * Settles rows of a batch, each once per round. Their outcomes get the time and, after the first
 * round, the round. The list has row, state, outcome, cause and marks of each: the cause is the code
 * of a row that failed, else empty; marks are apart by spaces. Returns for each whether it was settled
 * here.
 */
export const settleRows = defineScript({
  keys: [
    'record',
    'pending',
    'outcomes',
    'settled',
    'causes',
    'because',
    'marks',
    'states',
    'course',
  ],
  args: ['round'],
  uses: [writeOutcome, countSettled, sample],
  reply: z.array(yesOrNo),
  source: `
local now = nowMs()
local isRound = redis.call('HGET', record, 'round') == round
local isFirst = round == '1'
local stamp = string.format('{"at":%.0f', now)
if not isFirst then stamp = stamp .. ',"round":' .. round end
local count = 0
local function settle(row, state, outcome, cause, marked)
  if not isRound or redis.call('GETBIT', pending, row) == 0 then return 0 end
  -- A sample is of the numbers before, because these stood still until now.
  if count == 0 and countSettled(settled, now, 1) then sample(course, states, now) end
  count = count + 1
  local bucket = outcomes .. math.floor(row / ${BUCKET_ROWS})
  local stamped = stamp .. (outcome == '{}' and '}' or ',' .. string.sub(outcome, 2))
  if cause ~= '' then
    redis.call('SADD', causes, cause)
    redis.call('SETBIT', because .. cause, row, 1)
  end
  if marked ~= '' then
    for mark in string.gmatch(marked, '%S+') do redis.call('SETBIT', marks .. mark, row, 1) end
  end
  -- A key of another type fails here, while the row still has its doubt.
  redis.call('GETBIT', states .. state, row)
  -- The first round has no history before it.
  writeOutcome(bucket, row, stamped, not isFirst and redis.call('HGET', bucket, row))
  redis.call('SETBIT', states .. state, row, 1)
  redis.call('SETBIT', pending, row, 0)
  return 1
end
local replies = {}
for index = list, #ARGV, 5 do table.insert(replies, settle(unpack(ARGV, index, index + 4))) end
if count > 1 then countSettled(settled, now, count - 1) end
return replies
`,
});
