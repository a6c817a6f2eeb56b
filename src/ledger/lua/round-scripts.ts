import { z } from 'zod';
import { BUCKET_ROWS, NO_CODE } from '../rows/row-state.ts';
import { claim } from './claim-scripts.ts';
import { defineScript } from './script.ts';

/**
 * Moves the rows in the list to another state and returns how many moved. A row in doubt may have
 * an account, so it stays and is looked up.
 */
export const moveRows = defineScript({
  keys: ['from', 'to', 'outcomes'],
  reply: z.number(),
  source: `
local moved = 0
for index = list, #ARGV do
  local row = ARGV[index]
  local outcome = redis.call('HGET', outcomes .. math.floor(row / ${BUCKET_ROWS}), row)
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

/**
 * Opens failed and cancelled rows again. The list holds three for each row: row, e-mail hash,
 * file:line. What became of a row goes to its history. A person whom another unfinished batch has
 * claimed stays settled. Returns how many rows were opened, -1 once the round is sealed.
 */
export const reopenRows = defineScript({
  keys: ['record', 'outcomes', 'states', 'claims', 'because'],
  args: ['batch', 'batches'],
  uses: [claim],
  reply: z.number(),
  source: `
local round = redis.call('HGET', record, 'round')
if redis.call('HGET', record, 'sealedRound') == round then return -1 end
local opened = 0
for index = list, #ARGV, 3 do
  local row, hash, place = tonumber(ARGV[index]), ARGV[index + 1], ARGV[index + 2]
  local from
  for _, state in ipairs({ 'failed', 'cancelled' }) do
    if redis.call('GETBIT', states .. state, row) == 1 then from = state end
  end
  local person = { batch = batch, hash = hash, row = row, place = place }
  if from and claim(claims, batches, person) == 'pending' then
    local bucket = outcomes .. math.floor(row / ${BUCKET_ROWS})
    local last = cjson.decode(redis.call('HGET', bucket, row) or '{}')
    local history, doubt = last.history or {}, nil
    if last.code == 'outcome-unknown' then
      doubt = { kind = 'posting', code = last.code, reason = last.reason }
    end
    -- Only outcomes after the first round name their round.
    last.round = last.round or (last.at and 1) or tonumber(round) - 1
    last.history, last.state = nil, from
    history[#history + 1] = last
    redis.call('HSET', bucket, row, cjson.encode({ history = history, doubt = doubt }))
    redis.call('SETBIT', states .. from, row, 0)
    redis.call('SETBIT', states .. 'pending', row, 1)
    if from == 'failed' then
      redis.call('SETBIT', because .. (last.code or '${NO_CODE}'), row, 0)
    end
    opened = opened + 1
  end
end
return opened
`,
});
