import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script with its SHA-1, as EVALSHA names it. */
export interface Script {
  source: string;
  sha: string;
}

export function defineScript(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

/** Runs a script by its hash and sends the source only when the server does not know it yet. */
export async function runScript(
  redis: Redis,
  script: Script,
  call: { keys: readonly string[]; args: readonly (string | number | Buffer)[] },
): Promise<unknown> {
  const { length } = call.keys;
  try {
    return await redis.evalsha(script.sha, length, ...call.keys, ...call.args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(script.source, length, ...call.keys, ...call.args);
  }
}
