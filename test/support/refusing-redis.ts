import { createConnection, createServer, type Socket } from 'node:net';
import { listenOn } from './ports.ts';
import { onRelease } from './resources.ts';

/** A Redis that refuses commands with any answer. */
export interface RefusingRedis {
  url: string;
  /** The answer to a command, such as `NOAUTH Authentication required.`; undefined lets it pass. */
  refuse: (name: string, args: readonly string[]) => string | undefined;
  /** Commands that were refused. */
  refused: string[];
  /** Ends every connection. */
  reset(): void;
}

const REFUSAL = 'return redis.error_reply(ARGV[1])';

/**
 * A loopback port in front of a Redis. A refused command is replaced by a script that answers the
 * refusal, so that the order of the answers stays. Closed after the test.
 */
export async function refusingRedis(target: string): Promise<RefusingRedis> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const redis: RefusingRedis = {
    url: '',
    refuse: () => undefined,
    refused: [],
    reset: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
  const server = createServer((near) => {
    const far = createConnection(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.pipe(near);
    let rest = '';
    near.setEncoding('latin1').on('data', (piece: string) => {
      const { commands, left } = parse(rest + piece);
      rest = left;
      for (const command of commands) far.write(written(answered(redis, command)), 'latin1');
    });
  });
  redis.url = `redis://127.0.0.1:${await listenOn(server)}`;
  onRelease(() => {
    redis.reset();
    server.close();
  });
  return redis;
}

function answered(redis: RefusingRedis, command: readonly string[]): readonly string[] {
  const [name = '', ...args] = command;
  const answer = redis.refuse(name.toLowerCase(), args);
  if (answer === undefined) return command;
  redis.refused.push(name.toLowerCase());
  return ['EVAL', REFUSAL, '0', answer];
}

function written(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

/** The whole commands at the start of a text, and the rest. */
function parse(text: string): { commands: string[][]; left: string } {
  const commands: string[][] = [];
  let at = 0;
  for (;;) {
    const command = commandAt(text, at);
    if (command === undefined) return { commands, left: text.slice(at) };
    commands.push(command.words);
    at = command.end;
  }
}

function commandAt(text: string, start: number): { words: string[]; end: number } | undefined {
  const [head, count = ''] = /^\*(\d+)\r\n/.exec(text.slice(start, start + 20)) ?? [];
  if (head === undefined) return undefined;
  const words: string[] = [];
  let at = start + head.length;
  while (words.length < Number(count)) {
    const [size, length = ''] = /^\$(\d+)\r\n/.exec(text.slice(at, at + 20)) ?? [];
    if (size === undefined) return undefined;
    const end = at + size.length + Number(length);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(at + size.length, end));
    at = end + 2;
  }
  return { words, end: at };
}
