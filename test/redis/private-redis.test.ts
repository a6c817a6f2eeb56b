import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { serverState } from '../../src/redis/private/probe-server.ts';
import { timings } from '../../src/timings.ts';
import { clientOf, newDir, opened, serverPid } from './private-redis.ts';

async function settingsOf(redis: Redis, names: string[]): Promise<Record<string, string>> {
  const pairs = await Promise.all(names.map((name) => redis.config('GET', name)));
  return Object.fromEntries(pairs.map((pair) => pair as [string, string]));
}

describe('openPrivateRedis', () => {
  it('starts a server on a private socket only, with durable settings', async () => {
    const dataDir = await newDir(`it's a "folder" – 名`);
    const { socketPath, owner } = await opened(dataDir);
    const wanted = {
      port: '0',
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      'maxmemory-policy': 'noeviction',
      'lazyfree-lazy-user-del': 'yes',
      'hash-max-listpack-value': '1024',
      dir: dataDir,
    };
    expect(owner).toBe(true);
    expect(await settingsOf(clientOf(socketPath), Object.keys(wanted))).toEqual(wanted);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(socketPath)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'redis.log'))).mode & 0o777).toBe(0o600);
  });

  it('gives the server nothing of our environment but PATH', async () => {
    const folder = await newDir('bin');
    await mkdir(folder);
    await writeFile(join(folder, 'redis-server'), '#!/bin/sh\nenv\nexit 3\n', { mode: 0o755 });
    const env = { PATH: `${folder}:/usr/bin:/bin`, DOCSPACE_API_KEY: 'sk-secret' };
    const error = await opened(await newDir(), { env }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'E_DATA_DIR', details: { status: 3 } });
    const names = error.details.log.map((line: string) => line.split('=')[0]);
    expect(names.filter((name: string) => name !== 'PWD' && name !== '_')).toEqual(['PATH']);
  });

  it('stops cleanly, keeps the data and gives the directory free', async () => {
    const dataDir = await newDir();
    const first = await opened(dataDir);
    const pid = await serverPid(first.socketPath);
    await clientOf(first.socketPath).set('row', 'kept');
    await Promise.all([first.close(), first.close()]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect((await readdir(dataDir)).filter((name) => !name.startsWith('lock.'))).toEqual([
      'appendonlydir',
      'redis.log',
    ]);
    const second = await opened(dataDir);
    expect(await clientOf(second.socketPath).get('row')).toBe('kept');
  });

  it('turns a second owner away and names the first', async () => {
    const dataDir = await newDir();
    await opened(dataDir);
    await expect(opened(dataDir)).rejects.toMatchObject({
      code: 'E_DATA_DIR_LOCKED',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('lets a guest use the server of a live owner without stopping it', async () => {
    const dataDir = await newDir();
    const { socketPath } = await opened(dataDir);
    const guest = await opened(dataDir, { role: 'guest' });
    expect(guest).toMatchObject({ socketPath, owner: false });
    await guest.close();
    expect(await serverState(socketPath, timings)).toBe('ready');
  });

  it('makes a guest the owner when there is none', async () => {
    const guest = await opened(await newDir(), { role: 'guest' });
    expect(guest.owner).toBe(true);
  });

  it('waits for an owner that is about to leave', async () => {
    const dataDir = await newDir();
    const first = await opened(dataDir);
    const second = opened(dataDir, { timings: { ...timings, dataDirWaitMs: 10_000 } });
    await first.close();
    expect(await second).toMatchObject({ owner: true });
  });

  it('puts the socket elsewhere when the path of the directory is too long for one', async () => {
    const dataDir = await newDir('a'.repeat(120));
    const first = await opened(dataDir);
    const folder = join(first.socketPath, '..');
    expect(folder).toMatch(/^\/tmp\/onboard-/);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await opened(dataDir, { role: 'guest' })).toMatchObject({
      socketPath: first.socketPath,
    });
    const second = opened(dataDir, { timings: { ...timings, dataDirWaitMs: 10_000 } });
    await first.close();
    await (await second).close();
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  it('says how to get a server when there is none on PATH', async () => {
    const dataDir = await newDir();
    await expect(opened(dataDir, { env: { PATH: '/nonexistent' } })).rejects.toMatchObject({
      code: 'E_REDIS_MISSING',
      message: expect.stringMatching(/setup\.sh.*REDIS_URL/),
    });
    expect(await opened(dataDir)).toMatchObject({ owner: true });
  });

  it('refuses a directory that it cannot use', async () => {
    const file = await newDir('file');
    await writeFile(file, '');
    await expect(opened(join(file, 'data'))).rejects.toMatchObject({
      code: 'E_DATA_DIR',
      message: expect.stringContaining('ONBOARD_DATA_DIR'),
    });
  });
});
