import { sample } from './note-course.ts';
import { defineScript, yesOrNo } from './script.ts';

/** Spans for which settled rows are counted: together the last five minutes. */
export const SETTLED_SPAN_MS = 10_000;
const SETTLED_SPANS = 30;

/** Lua: whether a row is pending in this round; a late or second worker must change nothing. */
export const isPending = `
local function isPending(record, pending, round, row)
  return redis.call('HGET', record, 'round') == round and redis.call('GETBIT', pending, row) == 1
end
`;

/** Lua: writes the outcome of a row and keeps what earlier rounds left in its history. */
export const writeOutcome = `
local function writeOutcome(outcomes, row, outcome)
  local before = redis.call('HGET', outcomes, row)
  if before and string.find(before, '"history"', 1, true) then
    local fresh = cjson.decode(outcome)
    fresh.history = cjson.decode(before).history
    outcome = cjson.encode(fresh)
  end
  redis.call('HSET', outcomes, row, outcome)
end
`;

/**
 * Lua: counts a settled row in its span of time, and forgets spans that are too old. Returns whether
 * it is the first row of its span.
 */
const countSettled = `
local function countSettled(settled, now)
  local span = math.floor(now / ${SETTLED_SPAN_MS})
  if redis.call('HINCRBY', settled, span, 1) > 1 then return false end
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
writeOutcome(outcomes, row, outcome)
return 1
`,
});

/**
 * Settles a row, once per round. Its outcome gets the time and, after the first round, the round.
 * `cause` is the code of a row that failed, else empty; the list holds its marks.
 */
export const settleRow = defineScript({
  keys: [
    'record',
    'pending',
    'outcomes',
    'state',
    'settled',
    'causes',
    'because',
    'marks',
    'states',
    'course',
  ],
  args: ['round', 'row', 'outcome', 'cause'],
  uses: [isPending, writeOutcome, countSettled, sample],
  reply: yesOrNo,
  source: `
if not isPending(record, pending, round, row) then return 0 end
local now = nowMs()
if countSettled(settled, now) then sample(course, states, now) end
redis.call('SETBIT', pending, row, 0)
redis.call('SETBIT', state, row, 1)
local stamp = string.format('{"at":%.0f', now)
if round ~= '1' then stamp = stamp .. ',"round":' .. round end
local stamped = stamp .. (outcome == '{}' and '}' or ',' .. string.sub(outcome, 2))
if cause ~= '' then
  redis.call('SADD', causes, cause)
  redis.call('SETBIT', because .. cause, row, 1)
end
for index = list, #ARGV do redis.call('SETBIT', marks .. ARGV[index], row, 1) end
writeOutcome(outcomes, row, stamped)
return 1
`,
});
