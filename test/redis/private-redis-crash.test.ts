import { appendFile, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnboardError } from '../../src/errors.ts';
import { serverState } from '../../src/redis/private/probe-server.ts';
import { timings } from '../../src/timings.ts';
import { waitFor } from '../support/wait-for.ts';
import { buildOwner, type OwnerBuild, startOwner } from './owner-process.ts';
import { clientOf, newDir, opened, serverPid, statField, statGone } from './private-redis.ts';

let build: OwnerBuild;

beforeAll(() => {
  build = buildOwner();
});
afterAll(() => build.remove());

describe('openPrivateRedis after a crash', () => {
  it('leaves the server running when Ctrl-C reaches the owner', async () => {
    const owner = await startOwner(build, await newDir());
    const pid = await serverPid(owner.socketPath);
    expect(statField(pid, 3)).not.toBe(statField(owner.pid, 3));
    const draining = owner.nextLine();
    process.kill(-owner.pid, 'SIGINT');
    expect(await draining).toBe('draining');
    expect(await serverState(owner.socketPath, timings)).toBe('ready');
  });

  it('stops the server of an owner killed by SIGKILL and finds its data again', async () => {
    const dataDir = await newDir();
    const owner = await startOwner(build, dataDir);
    const pid = await serverPid(owner.socketPath);
    await clientOf(owner.socketPath).set('row', 'kept');
    await owner.kill();
    await waitFor(async () => (await serverState(owner.socketPath, timings)) === 'absent');
    await waitFor(() => statGone(pid), { what: 'the server to end' });
    const { socketPath } = await opened(dataDir);
    expect(await clientOf(socketPath).get('row')).toBe('kept');
  });

  it('takes over at once while the server of a killed owner is still stopping', async () => {
    const dataDir = await newDir();
    for (let round = 0; round < 5; round += 1) {
      const owner = await startOwner(build, dataDir);
      const redis = clientOf(owner.socketPath);
      expect(await redis.incr('rounds')).toBe(round + 1);
      await owner.kill();
    }
    const { socketPath } = await opened(dataDir);
    expect(await clientOf(socketPath).get('rounds')).toBe('5');
  });

  it('stops a server that outlived owner and watchdog before it starts another', async () => {
    const dataDir = await newDir();
    const owner = await startOwner(build, dataDir);
    const left = await serverPid(owner.socketPath);
    await clientOf(owner.socketPath).set('row', 'kept');
    const shell = statField(left, 1);
    for (const pid of await children(shell, left)) process.kill(pid, 'SIGKILL');
    process.kill(shell, 'SIGKILL');
    await owner.kill();
    expect(await serverState(owner.socketPath, timings)).toBe('ready');
    const { socketPath } = await opened(dataDir);
    expect(statGone(left)).toBe(true);
    expect(await serverPid(socketPath)).not.toBe(left);
    expect(await clientOf(socketPath).get('row')).toBe('kept');
  });

  it('tells when the server ends by itself', async () => {
    const errors: OnboardError[] = [];
    const { socketPath } = await opened(await newDir(), { onExit: (error) => errors.push(error) });
    process.kill(await serverPid(socketPath), 'SIGKILL');
    await waitFor(() => errors.length > 0);
    expect(errors).toMatchObject([{ code: 'E_DATA_DIR' }]);
  });

  it('loads a log cut off in its last entry', async () => {
    const dataDir = await newDir();
    const log = await filledLog(dataDir);
    await truncate(log, (await stat(log)).size - 3);
    const { socketPath } = await opened(dataDir);
    const redis = clientOf(socketPath);
    expect(await redis.mget('first', 'last')).toEqual(['1', null]);
  });

  it('shows the last lines of the server for a log damaged in the middle', async () => {
    const dataDir = await newDir();
    await appendFile(await filledLog(dataDir), 'garbage\r\n*1\r\n$4\r\nPING\r\n');
    await expect(opened(dataDir)).rejects.toMatchObject({
      code: 'E_DATA_DIR',
      message: expect.stringMatching(/Bad file format.*redis-check-aof --fix/s),
      details: { log: expect.arrayContaining([expect.stringContaining('Bad file format')]) },
    });
  });
});

/** Runs a server that writes two keys, and returns the file that holds them. */
async function filledLog(dataDir: string): Promise<string> {
  const redis = await opened(dataDir);
  await clientOf(redis.socketPath).set('first', '1');
  await clientOf(redis.socketPath).set('last', '2');
  await redis.close();
  const folder = join(dataDir, 'appendonlydir');
  const name = (await readdir(folder)).find((file) => file.endsWith('.incr.aof'));
  return join(folder, String(name));
}

/** Processes whose parent is `parent`, except one. */
async function children(parent: number, except: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => pid !== except && !statGone(pid) && statField(pid, 1) === parent);
}
