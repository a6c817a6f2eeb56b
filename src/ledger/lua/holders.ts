import { z } from 'zod';
import { claimField, keepsPeople } from './claim.ts';
import { defineScript } from './script.ts';

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

/**
 * For each e-mail hash in the list the other batch that keeps this person, or an empty text.
 * Changes nothing.
 */
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
