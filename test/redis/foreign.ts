import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, open, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { onRelease } from '../support/resources.ts';
import { newDir } from './private-redis.ts';

const NOBODY = 65_534;
export const isRoot = process.getuid?.() === 0;

/** A server of an attacker: it says that it is ready, and keeps the commands that it gets. */
export async function foreignServer(socketPath: string): Promise<{ asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (text: string) => {
      asked.push(text.trim());
      socket.write('+OK\r\n');
      if (text.startsWith('SHUTDOWN')) server.close();
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onRelease(() => server.close());
  return { asked };
}

/** Makes a folder one that another user can fill: theirs, or (without root) open to others. */
export async function giveAway(path: string): Promise<void> {
  if (isRoot) await chown(path, NOBODY, NOBODY);
  else await chmod(path, 0o777);
}

/** A folder that exists and that the user of the test does not own. */
export async function foreignDir(): Promise<string> {
  if (!isRoot) return '/';
  const dir = await newDir();
  await mkdir(dir);
  await chown(dir, NOBODY, NOBODY);
  return dir;
}

export async function plantedDir(): Promise<string> {
  const dir = await newDir();
  await mkdir(dir, { mode: 0o700 });
  return dir;
}

export async function plantLock(dir: string, holder: object): Promise<void> {
  const lock = { pid: process.pid, host: hostname(), ...holder };
  await writeFile(join(dir, 'lock.1'), JSON.stringify(lock));
}

/** A pipe that nobody reads, released after the test from those that wait for it. */
export function plantPipe(path: string): void {
  execFileSync('mkfifo', [path]);
  onRelease(async () => {
    const end = await open(path, 'r+').catch(() => undefined);
    await end?.close();
  });
}
