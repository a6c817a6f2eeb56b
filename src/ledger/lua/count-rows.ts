import { z } from 'zod';
import { higherTypes } from '../../people/account-types.ts';
import { rowMarks } from '../rows/marks.ts';
import { rowStates } from '../rows/row-state.ts';
import { defineScript, luaList } from './script.ts';

const pairs = z.array(z.string()).transform((flat) => {
  const even = flat.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(even.map((name, index) => [name, flat[2 * index + 1] ?? '']));
});

const counts = z.array(z.number());

const reply = z
  .tuple([pairs, z.array(z.string()), counts, counts, counts, counts, z.array(z.string()), counts])
  .transform(([record, invites, [invited = 0], types, marks, states, codes, causes]) => ({
    record,
    invites,
    invited,
    types,
    marks,
    states,
    causes: codes.map((code, index) => ({
      code,
      count: causes[2 * index] ?? 0,
      first: causes[2 * index + 1] ?? -1,
    })),
  }));

/**
 * Reads the record and the invite requests of a batch, and counts the invited rows, those of each
 * higher type, with each mark, in each state and with each cause (and finds its first row), at one
 * moment: a row that changes its state in between would be counted twice. A transaction would be
 * refused while memory is full. With 1,000,000 rows and 8 causes about 1 ms.
 */
export const readNumbers = defineScript({
  keys: ['record', 'invites', 'invited', 'states', 'types', 'marks', 'causes', 'because'],
  reply,
  source: `
local function count(base, names)
  local counts = {}
  for index, name in ipairs(names) do counts[index] = redis.call('BITCOUNT', base .. name) end
  return counts
end
local codes, found = redis.call('SMEMBERS', causes), {}
for _, code in ipairs(codes) do
  table.insert(found, redis.call('BITCOUNT', because .. code))
  table.insert(found, redis.call('BITPOS', because .. code, 1))
end
return {
  redis.call('HGETALL', record), redis.call('LRANGE', invites, 0, -1),
  { redis.call('BITCOUNT', invited) }, count(types, ${luaList(higherTypes)}),
  count(marks, ${luaList(rowMarks)}), count(states, ${luaList(rowStates)}), codes, found
}
`,
});
