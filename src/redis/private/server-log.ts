import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const LIMIT_BYTES = 1_000_000;
const TAIL_LINES = 10;

/** The log of one run of a private server. */
export interface ServerLog {
  handle: FileHandle;
  path: string;
  /** First byte of this run. */
  startByte: number;
}

/**
 * Opens `redis.log` for a new run. Opening it here instead of in the server includes the lines
 * before the server has read its settings. An old log above 1 MB is overwritten.
 */
export async function openLog(dataDir: string): Promise<ServerLog> {
  const path = join(dataDir, 'redis.log');
  const sizeBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const isBig = sizeBytes > LIMIT_BYTES;
  const handle = await open(path, isBig ? 'w' : 'a', 0o600);
  return { handle, path, startByte: isBig ? 0 : sizeBytes };
}

/** The last lines of this run, for an error; none if the log is unreadable. */
export async function readTail(log: ServerLog): Promise<string[]> {
  const text = await readFile(log.path).catch(() => Buffer.alloc(0));
  const lines = text.subarray(log.startByte).toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-TAIL_LINES);
}
