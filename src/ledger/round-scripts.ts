import { NO_CODE } from './keys.ts';
import { defineScript } from './script.ts';
import { CLAIM, NOW } from './scripts.ts';

/**
 * KEYS record, inviter. ARGV states it may be in, as a list with blanks. Begins the next round of a batch
 * that is over, of which rows were held back, or whose invite is: its rows come next, then its flow.
 * Returns the round, or 0 when the batch is in another state, or its invite is on the way.
 */
export const beginRound = defineScript(`
local state = redis.call('HGET', KEYS[1], 'state')
if not string.find(' ' .. ARGV[1] .. ' ', ' ' .. state .. ' ', 1, true) then return 0 end
local isSending = redis.call('HEXISTS', KEYS[1], 'sending') + redis.call('EXISTS', KEYS[2]) > 0
if state == 'inviting' and isSending then return 0 end
redis.call('HSET', KEYS[1], 'state', 'processing', 'expected', 0)
redis.call('HDEL', KEYS[1], 'finishedAt', 'cancelling', 'sending')
return redis.call('HINCRBY', KEYS[1], 'round', 1)
`);

/**
 * KEYS record, outcomes:, is:, claims:, because:. ARGV batch id, key prefix of batches, bucket size, then
 * three for each row: row, e-mail hash, file:line. Failed and cancelled rows become pending again;
 * what became of them goes to their history. A person whom another unfinished batch holds by now
 * stays as they are. Returns how many rows were opened, -1 once the round is sealed.
 */
export const reopenRows = defineScript(`
local round = redis.call('HGET', KEYS[1], 'round')
if redis.call('HGET', KEYS[1], 'sealedRound') == round then return -1 end
local batch, batches, size = ARGV[1], ARGV[2], tonumber(ARGV[3])
${CLAIM('KEYS[4]')}
local opened = 0
for index = 4, #ARGV, 3 do
  local row, hash, place = tonumber(ARGV[index]), ARGV[index + 1], ARGV[index + 2]
  local from
  for _, state in ipairs({ 'failed', 'cancelled' }) do
    if redis.call('GETBIT', KEYS[3] .. state, row) == 1 then from = state end
  end
  if from and claim(hash, row, place) == 'pending' then
    local bucket = KEYS[2] .. math.floor(row / size)
    local last = cjson.decode(redis.call('HGET', bucket, row) or '{}')
    local history, doubt = last.history or {}, nil
    if last.code == 'outcome-unknown' then
      doubt = { kind = 'posting', code = last.code, reason = last.reason }
    end
    -- An end with a time bears its round, too, unless that was the first.
    last.round = last.round or (last.at and 1) or tonumber(round) - 1
    last.history, last.state = nil, from
    history[#history + 1] = last
    redis.call('HSET', bucket, row, cjson.encode({ history = history, doubt = doubt }))
    redis.call('SETBIT', KEYS[3] .. from, row, 0)
    redis.call('SETBIT', KEYS[3] .. 'pending', row, 1)
    if from == 'failed' then
      redis.call('SETBIT', KEYS[5] .. (last.code or '${NO_CODE}'), row, 0)
    end
    opened = opened + 1
  end
end
return opened
`);

/**
 * KEYS record, is:<from>, is:<to>, outcomes:. ARGV bucket size, then rows. Holds rows back, takes
 * them up again, or cancels them. One in doubt may have an account and stays: it is looked up.
 * Returns how many were moved.
 */
export const moveRows = defineScript(`
local size, moved = tonumber(ARGV[1]), 0
for index = 2, #ARGV do
  local row = ARGV[index]
  local outcome = redis.call('HGET', KEYS[4] .. math.floor(row / size), row)
  local isInDoubt = outcome and string.find(outcome, '"doubt"', 1, true)
  if redis.call('GETBIT', KEYS[2], row) == 1 and not isInDoubt then
    redis.call('SETBIT', KEYS[2], row, 0)
    redis.call('SETBIT', KEYS[3], row, 1)
    moved = moved + 1
  end
end
return moved
`);

/** KEYS record. ARGV '1' to invite whom the batch created. 0 unless the batch is unfinished. */
export const beginCancel = defineScript(`
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'finished' or state == 'cancelled' then return 0 end
redis.call('HSET', KEYS[1], 'cancelling', ARGV[1] == '1' and 'invite' or 'no-invite')
return 1
`);

/**
 * KEYS record, is:pending, is:later, untold. ARGV batch id. The round is over: the batch is finished,
 * cancelled, or waits with rows that were held back. 0 while a row is pending or when it was over. That
 * somebody is to be told of the end is noted in the same step, so that no crash can forget it.
 */
export const finishBatch = defineScript(`${NOW}
if redis.call('BITCOUNT', KEYS[2]) > 0 then return 0 end
local record = redis.call('HMGET', KEYS[1], 'state', 'cancelling')
if record[1] == 'finished' or record[1] == 'cancelled' then return 0 end
if not record[2] and redis.call('BITCOUNT', KEYS[3]) > 0 then
  redis.call('HSET', KEYS[1], 'state', 'waiting')
  return 1
end
local state = record[2] and 'cancelled' or 'finished'
redis.call('HSET', KEYS[1], 'state', state, 'finishedAt', now)
if redis.call('HEXISTS', KEYS[1], 'notify') == 1 then
  local round = redis.call('HGET', KEYS[1], 'round')
  redis.call('SADD', KEYS[4], table.concat({ ARGV[1], round, state, now }, '.'))
end
return 1
`);
