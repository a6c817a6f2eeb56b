import { defineScript } from './script.ts';

/*
 * Each script is one atomic step of the ledger. Bucket, bitmap and record keys are built from the
 * prefixes given in KEYS; all share the batch's prefix, hence its cluster slot. Times are Redis'
 * own clock (TIME), the only one that all producers and workers share.
 */

export const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Lua: whether another batch keeps the people that it has claimed. Expects the local `batches`. */
export const HOLDS = `
local function holds(other)
  local state = redis.call('HGET', batches .. other, 'state')
  if state == 'intake' then return redis.call('EXISTS', batches .. other .. ':lock') == 1 end
  return state == 'processing' or state == 'inviting' or state == 'waiting'
end
`;

/**
 * Lua of a row's claim on a person. Expects the locals `batch` (id) and `batches` (key prefix of
 * batches); `claims` is the expression of the claims' key prefix.
 */
export const CLAIM = (claims: string) => `${HOLDS}
local function claim(hash, row, place)
  local key, field = ${claims} .. string.sub(hash, 1, 3), string.sub(hash, 4)
  local claimed, before = redis.call('HGET', key, field), '-'
  if claimed then
    local owner, ownerRow, ownerBefore, ownerPlace =
      string.match(claimed, '^(%S+) (%S+) (%S+) (.*)$')
    if owner == batch and tonumber(ownerRow) < row then
      return 'duplicate', 'duplicate', 'The same e-mail as ' .. ownerPlace .. '.'
    end
    if owner ~= batch and holds(owner) then
      return 'rejected', 'in-other-batch', 'This person is in the unfinished batch ' .. owner .. '.'
    end
    before = owner == batch and ownerBefore or owner .. '.' .. ownerRow
  end
  redis.call('HSET', key, field, table.concat({ batch, row, before, place }, ' '))
  return 'pending'
end
`;

/** KEYS record, batches. ARGV id, then field, value, … Creates the batch unless it is there. */
export const openBatch = defineScript(`${NOW}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'intake', 'round', 1, 'acceptedAt', now, unpack(ARGV, 2))
redis.call('ZADD', KEYS[2], now, ARGV[1])
return 1
`);

/**
 * KEYS record, rows:, outcomes:, is:, claims:, emails:. ARGV batch id, key prefix of batches, bucket
 * size, first row, then four for each row: 'person' or 'rejected', e-mail hash or nothing, row JSON,
 * outcome JSON or file:line. Returns -1 unless the batch is in intake. Writing a slice again changes
 * nothing, so a producer that died goes on from the beginning of its file.
 *
 * An address belongs to the first row that claims it. Another batch keeps its claim while it is
 * unfinished; one still in intake only while its producer lives (its lock exists). A claim that is
 * taken over names the row that had the person before, as `batch.row`; `-` is nobody.
 */
export const recordSlice = defineScript(`
if redis.call('HGET', KEYS[1], 'state') ~= 'intake' then return -1 end
local batch, batches, size, first = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

${CLAIM('KEYS[5]')}
local indexed = {}
for index = 5, #ARGV, 4 do
  local row = first + (index - 5) / 4
  local kind, hash, input, extra = ARGV[index], ARGV[index + 1], ARGV[index + 2], ARGV[index + 3]
  local bucket = math.floor(row / size)
  local state, outcome = 'rejected', extra
  if kind == 'person' then
    local code, reason
    state, code, reason = claim(hash, row, extra)
    outcome = code and cjson.encode({ code = code, reason = reason })
  end
  local isNew = redis.call('HSET', KEYS[2] .. bucket, row, input) == 1
  if isNew and hash ~= '' then
    local part = string.sub(hash, 1, 1)
    indexed[part] = (indexed[part] or '') .. string.sub(hash, 2, 5) .. struct.pack('>I4', row)
  end
  if outcome then redis.call('HSET', KEYS[3] .. bucket, row, outcome)
  else redis.call('HDEL', KEYS[3] .. bucket, row) end
  for _, each in ipairs({ 'pending', 'rejected', 'duplicate' }) do
    redis.call('SETBIT', KEYS[4] .. each, row, each == state and 1 or 0)
  end
end
for part, records in pairs(indexed) do redis.call('APPEND', KEYS[6] .. part, records) end
return 0
`);

/** KEYS record. ARGV the portal's clock now, ms. Keeps the earliest time that it ever gave. */
export const noteClock = defineScript(`${NOW}
local known = redis.call('HMGET', KEYS[1], 'acceptedAt', 'acceptedOnPortal')
if not known[1] then return 0 end
local accepted = tonumber(known[1]) + tonumber(ARGV[1]) - now
if known[2] and tonumber(known[2]) <= accepted then return 0 end
redis.call('HSET', KEYS[1], 'acceptedOnPortal', accepted)
return 1
`);

/** KEYS record. The invite needs not wait any more; of a batch that is purged meanwhile nothing comes back. */
export const releaseInvite = defineScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HSET', KEYS[1], 'inviteReleased', 1)
`);

/** KEYS record. ARGV from, to, then field, value, … Moves the batch on; 0 when it is elsewhere. */
export const moveBatch = defineScript(`
if redis.call('HGET', KEYS[1], 'state') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[2], unpack(ARGV, 3))
return 1
`);

/** Length and number of the spans for which settled rows are counted: the last five minutes. */
export const SETTLED_SPAN_MS = 10_000;
const SETTLED_SPANS = 30;

/**
 * KEYS record, is:pending, outcome bucket; when the row settles, then is:<state>, settled, causes,
 * because:. ARGV round, row, outcome JSON, and the code of a row that fails. Refuses (0) a row that
 * is settled already or belongs to another round, so a late or second worker cannot write over an
 * end. An end bears its time and, after the first, its round. What earlier rounds left in the row's
 * history stays.
 */
export const writeOutcome = defineScript(`${NOW}
if redis.call('HGET', KEYS[1], 'round') ~= ARGV[1] then return 0 end
if redis.call('GETBIT', KEYS[2], ARGV[2]) == 0 then return 0 end
local outcome, before = ARGV[3], redis.call('HGET', KEYS[3], ARGV[2])
if KEYS[4] then
  redis.call('SETBIT', KEYS[2], ARGV[2], 0)
  redis.call('SETBIT', KEYS[4], ARGV[2], 1)
  local stamp = string.format('{"at":%.0f', now)
  if ARGV[1] ~= '1' then stamp = stamp .. ',"round":' .. ARGV[1] end
  outcome = stamp .. (outcome == '{}' and '}' or ',' .. string.sub(outcome, 2))
  local span = math.floor(now / ${SETTLED_SPAN_MS})
  if redis.call('HINCRBY', KEYS[5], span, 1) == 1 then
    for _, old in ipairs(redis.call('HKEYS', KEYS[5])) do
      if tonumber(old) <= span - ${SETTLED_SPANS} then redis.call('HDEL', KEYS[5], old) end
    end
    redis.call('PEXPIRE', KEYS[5], ${SETTLED_SPANS * SETTLED_SPAN_MS})
  end
end
if ARGV[4] then
  redis.call('SADD', KEYS[6], ARGV[4])
  redis.call('SETBIT', KEYS[7] .. ARGV[4], ARGV[2], 1)
end
if before and string.find(before, '"history"', 1, true) then
  local fresh = cjson.decode(outcome)
  fresh.history = cjson.decode(before).history
  outcome = cjson.encode(fresh)
end
redis.call('HSET', KEYS[3], ARGV[2], outcome)
return 1
`);

/**
 * KEYS record, invites. ARGV round, number of people. Notes that an invite request is about to be
 * sent. A note that is still there means that this request ended unknown before: that one joins the
 * list as such. Returns how often in a row it did.
 */
export const inviteSending = defineScript(`${NOW}
local before, times = redis.call('HGET', KEYS[1], 'sending'), 0
if before then
  redis.call('RPUSH', KEYS[2], before)
  times = (cjson.decode(before).times or 0) + 1
end
redis.call('HSET', KEYS[1], 'sending', cjson.encode({
  round = tonumber(ARGV[1]), at = now, people = tonumber(ARGV[2]), known = false, times = times }))
return times
`);

/**
 * KEYS record, invites, invited, a key for a moment. ARGV bitmap of the rows that the accepted
 * request held. They are invited in one step with the note that it was accepted, also when Redis
 * has lost the note that it was about to be sent.
 */
export const inviteAccepted = defineScript(`${NOW}
local sending = redis.call('HGET', KEYS[1], 'sending')
local round = tonumber(redis.call('HGET', KEYS[1], 'round'))
local request = sending and cjson.decode(sending) or { round = round, at = now }
request.known = true
redis.call('RPUSH', KEYS[2], cjson.encode(request))
redis.call('SET', KEYS[4], ARGV[1])
redis.call('BITOP', 'OR', KEYS[3], KEYS[3], KEYS[4])
redis.call('DEL', KEYS[4])
redis.call('HDEL', KEYS[1], 'sending')
return 1
`);

/** KEYS lock. ARGV token, milliseconds. Extends a lock that is still held; else 0. */
export const keepLock = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

/** KEYS lock. ARGV token, milliseconds. Takes a lock that is free or its own; else 0. */
export const claim = defineScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS lock. ARGV token. */
export const dropLock = defineScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/** KEYS claims:. ARGV batch id, then the e-mail hashes. Lets go of what the batch still claims. */
export const releaseClaims = defineScript(`
for index = 2, #ARGV do
  local key, field = KEYS[1] .. string.sub(ARGV[index], 1, 3), string.sub(ARGV[index], 4)
  local claimed = redis.call('HGET', key, field)
  if claimed and string.match(claimed, '^%S+') == ARGV[1] then redis.call('HDEL', key, field) end
end
return 0
`);
