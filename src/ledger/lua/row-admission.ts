import { z } from 'zod';
import { batchGroupFields } from '../groups/batch-groups.ts';
import { admission } from './extend-waits.ts';
import { defineScript, luaList } from './script.ts';
import { isPending, writeOutcome } from './write-outcome.ts';

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
 * One trip before a request about a row: asks for admission, reads the row and, when it is to be
 * created, writes the doubt before the POST (architecture, rule 3). Returns ms to wait, whether the
 * request is a probe, the time, whether the doubt was written, the texts of the row and the fields of
 * the record; without them when the row is settled.
 */
export const admitRow = defineScript({
  keys: ['record', 'pending', 'rows', 'outcomes', 'wait', 'outage'],
  args: ['token', 'probeMs', 'pollMs', 'round', 'row', 'portal', 'at'],
  uses: [admission, isPending, writeOutcome],
  reply: z.tuple([
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    text.optional(),
    text.optional(),
    z.array(text).optional(),
  ]),
  source: `
local waitMs, isProbe = admission(wait, outage, token, probeMs, pollMs)
local now = nowMs()
if waitMs > 0 or not isPending(record, pending, round, row) then return { waitMs, isProbe, now, 0 } end
local fields = redis.call('HMGET', record, unpack(${luaList(admittedFields)}))
local input = redis.call('HGET', rows, row)
local outcome = redis.call('HGET', outcomes, row)
local isInDoubt = outcome and string.find(outcome, '"doubt":', 1, true)
local mayPost = fields[1] == portal and not fields[4] and (not fields[5] or fields[8] == '1')
if isInDoubt or not mayPost then return { 0, isProbe, now, 0, input, outcome, fields } end
writeOutcome(outcomes, row, '{"doubt":{"kind":"posting","at":' .. at .. '}}')
return { 0, isProbe, now, 1, input, outcome, fields }
`,
});
