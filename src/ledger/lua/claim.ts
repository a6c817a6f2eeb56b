/**
 * Sentences for people whom a claim rejects; `%s` is the earlier place or the other batch. Lua
 * writes them when rows are recorded, and a plan says the same without writing.
 */
export const claimRejection = {
  duplicate: 'The same e-mail as %s.',
  'in-other-batch': 'This person is in the unfinished batch %s.',
} as const;

/**
 * Lua: whether a batch keeps the people that it has claimed. A batch in intake keeps them only
 * while its producer lives, that is, while its lock exists.
 */
export const keepsPeople = `
local function keepsPeople(batches, id)
  local state = redis.call('HGET', batches .. id, 'state')
  if state == 'intake' then return redis.call('EXISTS', batches .. id .. ':lock') == 1 end
  return state == 'processing' or state == 'inviting' or state == 'waiting'
end
`;

/** Lua: the hash and the field that hold the claim on a person. */
export const claimField = `
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
