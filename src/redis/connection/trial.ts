import type { Redis } from 'ioredis';

/** A command that this Redis refuses, such as `CLIENT LIST`, and its answer. */
export interface Refused {
  command: string;
  error: Error;
}

/**
 * Commands inside of scripts, on a key that is removed again: those of the ledger and of BullMQ, one
 * for each type of value. Arguments follow the key.
 */
const WRITES = [
  'SET 1 PX 1000',
  'INCR',
  'PEXPIRE 1000',
  'DEL',
  'HSET a 1',
  'DEL',
  'LPUSH a',
  'DEL',
  'SADD a',
  'DEL',
  'ZADD 1 a',
  'ZPOPMIN',
  'XADD * a 1',
  'XTRIM MAXLEN 0',
  'DEL',
  'SETBIT 1 1',
  'DEL',
];

/**
 * Returns the first command that is refused. The key is gone before the script ends. A second key
 * shows a cluster, which wants both in one slot.
 */
const SCRIPT = `
for _, line in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(line, '%S+') do words[#words + 1] = word end
  table.insert(words, 2, KEYS[1])
  local answer = redis.pcall(unpack(words))
  if type(answer) == 'table' and answer.err then
    redis.pcall('DEL', KEYS[1])
    return { words[1], answer.err }
  end
end
return { '', tostring(redis.call('EXISTS', KEYS[2])) }`;

const NOWHERE = '0'.repeat(40);
/** Seconds; Redis counts in hundredths. */
const BLOCK_S = 0.01;

/**
 * Tries what the program needs from a Redis under a prefix: scripts with keys, a transaction, a
 * short blocking read, the list of clients. Returns what is refused; leaves no key behind.
 * @throws errors that are no answer of Redis, such as a lost connection.
 */
export async function tryCommands(redis: Redis, prefix: string): Promise<Refused[]> {
  const key = `${prefix}:trial`;
  const trials: [command: string, trial: () => Promise<unknown>][] = [
    ['EVAL', () => redis.eval(SCRIPT, 2, key, `${key}:other`, ...WRITES)],
    ['EVALSHA', () => redis.evalsha(NOWHERE, 1, key)],
    ['MULTI', () => redis.multi().exists(key).exec()],
    ['BZPOPMIN', () => redis.bzpopmin(key, BLOCK_S)],
    ['CLIENT LIST', () => redis.client('LIST')],
    ['INFO', () => redis.info()],
  ];
  const refused = await Promise.all(trials.map((trial) => refusedBy(...trial)));
  return refused.flatMap((found) => found ?? []);
}

async function refusedBy(
  command: string,
  trial: () => Promise<unknown>,
): Promise<Refused | undefined> {
  try {
    const [inside, answer] = [await trial()].flat();
    if (command !== 'EVAL' || inside === '') return undefined;
    return { command: String(inside), error: replyOf(String(answer)) };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ReplyError') throw error;
    return error.message.startsWith('NOSCRIPT') ? undefined : { command, error };
  }
}

/** An answer inside of a script, as the client would give it. */
function replyOf(answer: string): Error {
  return Object.assign(new Error(answer.replace(/^-/, '')), { name: 'ReplyError' });
}
