import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isElsewhere,
  type Lock,
  processStart,
  takeLock,
} from '../../src/redis/private/data-dir-lock.ts';
import { onRelease } from '../support/resources.ts';

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'onboard-lock-'));
  onRelease(() => rm(dir, { recursive: true }));
  return dir;
}

async function leave(dir: string, number: number, content: object | string): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(join(dir, `lock.${number}`), text);
}

async function taken(dir: string): Promise<Lock> {
  const result = await takeLock(dir);
  if (result.kind !== 'taken') throw new Error('the lock is held');
  return result;
}

// A pid that no process has: above the largest of Linux (2^22).
const dead = { pid: 4_194_305, startedAt: '1', host: hostname() };

describe('takeLock', () => {
  it('writes who holds the directory', async () => {
    const dir = await newDir();
    await taken(dir);
    const [name = ''] = await readdir(dir);
    expect(JSON.parse(await readFile(join(dir, name), 'utf8'))).toEqual({
      pid: process.pid,
      startedAt: await processStart(process.pid),
      host: hostname(),
    });
  });

  it('tells the holder while it lives and is free after its release', async () => {
    const dir = await newDir();
    const lock = await taken(dir);
    expect(await takeLock(dir)).toMatchObject({
      kind: 'held',
      holder: { pid: process.pid },
    });
    await lock.release();
    expect((await taken(dir)).predecessor).toBeUndefined();
    expect(await readdir(dir)).toEqual(['lock.2']);
  });

  it.each([
    ['whose process is gone', dead],
    ['whose number went to another process', { ...dead, pid: process.pid }],
  ])('takes over from an owner %s', async (_, holder) => {
    const dir = await newDir();
    await leave(dir, 7, holder);
    expect((await taken(dir)).predecessor).toEqual(holder);
    expect(await readdir(dir)).toEqual(['lock.8']);
  });

  it('reads the lock of an earlier version, which named a socket, without the socket', async () => {
    const dir = await newDir();
    await leave(dir, 1, { ...dead, socketPath: '/old.sock' });
    expect((await taken(dir)).predecessor).toEqual(dead);
  });

  it.each(['', '{', 'null', '{"pid":"1"}', '{"pid":0}', '{"pid":-1}'])(
    'ignores a lock that says %j',
    async (text) => {
      const dir = await newDir();
      await leave(dir, 1, text);
      expect((await taken(dir)).predecessor).toBeUndefined();
    },
  );

  it('leaves the lock of another machine alone, though no such process runs here', async () => {
    const dir = await newDir();
    await leave(dir, 1, { ...dead, host: 'elsewhere' });
    const result = await takeLock(dir);
    expect(result).toMatchObject({ kind: 'held', holder: { host: 'elsewhere' } });
    expect(result.kind === 'held' && isElsewhere(result.holder)).toBe(true);
  });

  it('lets exactly one of many takers have the lock of a dead owner', async () => {
    for (let round = 0; round < 20; round += 1) {
      const dir = await newDir();
      await leave(dir, 3, dead);
      const results = await Promise.all(Array.from({ length: 12 }, () => takeLock(dir)));
      expect(results.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
      expect(await readdir(dir)).toEqual(['lock.4']);
    }
  });

  it('never has two holders when takers come and go', async () => {
    const dir = await newDir();
    let holders = 0;
    let most = 0;
    const worker = async (): Promise<void> => {
      for (let left = 10; left > 0; ) {
        const result = await takeLock(dir);
        if (result.kind === 'held') continue;
        holders += 1;
        most = Math.max(most, holders);
        await readdir(dir);
        holders -= 1;
        await result.release();
        left -= 1;
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    expect(most).toBe(1);
  });
});
