import { z } from 'zod';
import { defineScript } from './script.ts';

/** Sentences for people whom a claim rejects; `%s` is the earlier place or the other batch. */
export const claimRejection = {
  duplicate: 'The same e-mail as %s.',
  'in-other-batch': 'This person is in the unfinished batch %s.',
} as const;

/** Lua: whether a batch keeps the people that it claims; in intake only while its lock exists. */
const keepsPeople = `
local function keepsPeople(batches, id)
  local state = redis.call('HGET', batches .. id, 'state')
  if state == 'intake' then return redis.call('EXISTS', batches .. id .. ':lock') == 1 end
  return state == 'processing' or state == 'inviting' or state == 'waiting'
end
`;

/** Lua: the hash and the field that hold the claim on a person. */
const claimField = `
local function claimField(claims, hash)
  return claims .. string.sub(hash, 1, 3), string.sub(hash, 4)
end
`;

/**
 * Lua: claims a person for a row. Returns the row's state, and for a rejected row the code
 * and the sentence. A person belongs to the first row that claims them: a later row of the batch is
 * a duplicate, a row of another batch is rejected while that batch keeps its people. A claim that
 * is taken over names the row that had the person before, as \`batch.row\`; \`-\` is nobody.
 */
export const claim = `
${keepsPeople}${claimField}
local function claim(claims, batches, person)
  local key, field = claimField(claims, person.hash)
  local claimed, before = redis.call('HGET', key, field), '-'
  if claimed then
    local owner, ownerRow, ownerBefore, ownerPlace =
      string.match(claimed, '^(%S+) (%S+) (%S+) (.*)$')
    if owner == person.batch and tonumber(ownerRow) < person.row then
      return 'duplicate', 'duplicate', string.format('${claimRejection.duplicate}', ownerPlace)
    end
    if owner ~= person.batch and keepsPeople(batches, owner) then
      local sentence = string.format('${claimRejection['in-other-batch']}', owner)
      return 'rejected', 'in-other-batch', sentence
    end
    before = owner == person.batch and ownerBefore or owner .. '.' .. ownerRow
  end
  redis.call('HSET', key, field, table.concat({ person.batch, person.row, before, person.place }, ' '))
  return 'pending'
end
`;

/** Releases what the batch still claims of the people in the list (e-mail hashes). */
export const releaseClaims = defineScript({
  keys: ['claims'],
  args: ['batch'],
  uses: [claimField],
  reply: z.number(),
  source: `
for index = list, #ARGV do
  local key, field = claimField(claims, ARGV[index])
  local claimed = redis.call('HGET', key, field)
  if claimed and string.match(claimed, '^%S+') == batch then redis.call('HDEL', key, field) end
end
return 0
`,
});

/** Names the other batch that keeps each person in the list (e-mail hashes), or an empty text. */
export const readHolders = defineScript({
  keys: ['claims'],
  args: ['batch', 'batches'],
  uses: [claimField, keepsPeople],
  reply: z.array(z.string()),
  source: `
local found = {}
for index = list, #ARGV do
  local claimed = redis.call('HGET', claimField(claims, ARGV[index]))
  local owner = claimed and string.match(claimed, '^%S+')
  local isKept = owner and owner ~= batch and keepsPeople(batches, owner)
  found[index - list + 1] = isKept and owner or ''
end
return found
`,
});
