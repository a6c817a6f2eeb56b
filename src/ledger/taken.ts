import type { Ledger } from './ledger.ts';
import { defineScript, runScript } from './script.ts';
import { HOLDS } from './scripts.ts';

/**
 * KEYS claims:. ARGV batch id, key prefix of batches, then e-mail hashes. Returns for each the other
 * batch that holds this person, or an empty text. Changes nothing.
 */
const readHolders = defineScript(`
local batch, batches = ARGV[1], ARGV[2]
${HOLDS}
local found = {}
for index = 3, #ARGV do
  local claimed = redis.call('HGET', KEYS[1] .. string.sub(ARGV[index], 1, 3), string.sub(ARGV[index], 4))
  local owner = claimed and string.match(claimed, '^%S+')
  found[index - 2] = owner and owner ~= batch and holds(owner) and owner or ''
end
return found
`);

/**
 * The unfinished batch, other than this one, that holds each of these people (e-mail hashes), or an
 * empty text: what recording the rows would find, without writing anything.
 */
export async function holdersOf(
  { redis, keys }: Ledger,
  batch: string,
  hashes: readonly string[],
): Promise<string[]> {
  const args = [batch, keys.record(''), ...hashes];
  const found = await runScript(redis, readHolders, { keys: [keys.claims], args });
  return Array.isArray(found) ? found.map(String) : [];
}
