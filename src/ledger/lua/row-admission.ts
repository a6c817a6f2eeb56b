import { z } from 'zod';
import { batchGroupFields } from '../groups/batch-groups.ts';
import { BUCKET_ROWS } from '../rows/row-state.ts';
import { admission } from './extend-waits.ts';
import { defineScript, luaList } from './script.ts';
import { writeOutcome } from './write-outcome.ts';

/** Fields of the record that a worker needs, in this order. */
export const admittedFields = [
  'portal',
  'acceptedAt',
  'acceptedOnPortal',
  'cancelling',
  ...batchGroupFields,
] as const;

const text = z.string().nullable();

/**
 * One trip before the requests about some rows of a batch: asks for admission, reads each row and,
 * when it is to be created, writes the doubt before the POST (architecture, rule 3). The list has
 * token, row and time of the doubt of each. Returns the time, the fields of the record, and for each
 * row ms to wait, whether its request is a probe and whether its doubt was written, and the texts of
 * the row; without them when the row is settled or waits.
 */
export const admitRows = defineScript({
  keys: ['record', 'pending', 'rows', 'outcomes', 'wait', 'outage'],
  args: ['probeMs', 'pollMs', 'round', 'portal'],
  uses: [admission, writeOutcome],
  reply: z.tuple([
    z.number(),
    z.array(text),
    z.array(z.tuple([z.number(), z.number(), z.number(), text.optional(), text.optional()])),
  ]),
  source: `
local fields = redis.call('HMGET', record, unpack(${luaList(admittedFields)}))
local isRound = redis.call('HGET', record, 'round') == round
local mayPost = fields[1] == portal and not fields[4] and (not fields[5] or fields[8] == '1')
local isOpen = redis.call('PTTL', wait) <= 0 and redis.call('EXISTS', outage) == 0
local function admit(token, row, at)
  local waitMs, isProbe = 0, 0
  if not isOpen then waitMs, isProbe = admission(wait, outage, token, probeMs, pollMs) end
  if waitMs > 0 or not isRound or redis.call('GETBIT', pending, row) == 0 then
    return { waitMs, isProbe, 0 }
  end
  local bucket = math.floor(row / ${BUCKET_ROWS})
  local input = redis.call('HGET', rows .. bucket, row)
  local outcome = redis.call('HGET', outcomes .. bucket, row)
  if not mayPost or (outcome and string.find(outcome, '"doubt":', 1, true)) then
    return { 0, isProbe, 0, input, outcome }
  end
  local doubt = '{"doubt":{"kind":"posting","at":' .. at .. '}}'
  writeOutcome(outcomes .. bucket, row, doubt, outcome)
  return { 0, isProbe, 1, input, outcome }
end
local admitted = {}
for index = list, #ARGV, 3 do
  table.insert(admitted, admit(ARGV[index], ARGV[index + 1], ARGV[index + 2]))
end
return { nowMs(), fields, admitted }
`,
});
