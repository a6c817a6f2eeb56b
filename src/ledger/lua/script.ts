import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Ledger } from '../ledger.ts';

type Argument = string | number | Buffer;

interface Declaration<K extends string, A extends string, R> {
  /** Names of KEYS in order. The script finds each key in a local variable of that name. */
  keys: readonly K[];
  /** Names of ARGV in order, likewise; `list` is the index of the first ARGV after them. */
  args?: readonly A[];
  /** Lua functions that the script calls. */
  uses?: readonly string[];
  reply: z.ZodType<R>;
  source: string;
}

/** A Lua script, one atomic step of the ledger, with its SHA-1 for EVALSHA. */
export interface Script<K extends string, A extends string, R>
  extends Required<Pick<Declaration<K, A, R>, 'keys' | 'args' | 'reply'>> {
  /** Made at the first call: most commands run few of the scripts. */
  text(): { source: string; sha: string };
}

type Call<K extends string, A extends string> = {
  keys: Record<K, string>;
  /** Arguments after the named ones, any number of them. */
  list?: readonly Argument[];
} & ([A] extends [never] ? { args?: undefined } : { args: Record<A, Argument> });

/** Lua, for every script: ms since the epoch by the only clock that all processes share. */
const nowMs = `
local function nowMs()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/** A Lua table of these names. */
export function luaList(names: readonly string[]): string {
  return `{ ${names.map((name) => `'${name}'`).join(', ')} }`;
}

/** The reply of a script that returns 1 for yes and 0 for no. */
export const yesOrNo = z.number().transform((reply) => reply === 1);

/** Defines a script from its body. All its keys share the batch's prefix, hence a cluster slot. */
export function defineScript<const K extends string, R, const A extends string = never>(
  declaration: Declaration<K, A, R>,
): Script<K, A, R> {
  const { keys, args = [], reply } = declaration;
  let text: ReturnType<typeof textOf> | undefined;
  return {
    keys,
    args,
    reply,
    text() {
      text ??= textOf(declaration);
      return text;
    },
  };
}

function textOf({
  keys,
  args = [],
  uses = [],
  source: body,
}: Declaration<string, string, unknown>) {
  const locals = [...namesOf('KEYS', keys), ...namesOf('ARGV', args)];
  const head = [
    ...locals,
    `local list = ${args.length + 1}`,
    ...[nowMs, ...uses].map((lua) => lua.trim()),
  ];
  const source = `${head.join('\n')}\n${body.trim()}\n`;
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

function namesOf(table: 'KEYS' | 'ARGV', names: readonly string[]): string[] {
  return names.map((name, index) => `local ${name} = ${table}[${index + 1}]`);
}

/**
 * Runs a script by its hash. The source is sent only to a server that does not know the hash yet.
 * @throws {z.ZodError} when the reply is not what the script declares.
 */
export async function runScript<K extends string, A extends string, R>(
  { redis }: Ledger,
  script: Script<K, A, R>,
  call: Call<K, A>,
): Promise<R> {
  const keys = script.keys.map((name) => call.keys[name]);
  const named: Partial<Record<A, Argument>> = call.args ?? {};
  const args = [...script.args.map((name) => named[name] ?? ''), ...(call.list ?? [])];
  const { source, sha } = script.text();
  const reply = redis.evalsha(sha, keys.length, ...keys, ...args).catch((error) => {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(source, keys.length, ...keys, ...args);
  });
  return script.reply.parse(await reply);
}
