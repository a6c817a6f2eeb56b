import { chmod, lstat, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { takeLock } from '../../src/redis/private/data-dir-lock.ts';
import { runningSocket } from '../../src/redis/private/private-redis.ts';
import { timings } from '../../src/timings.ts';
import { onRelease } from '../support/resources.ts';
import {
  foreignDir,
  foreignServer,
  giveAway,
  isRoot,
  plantedDir,
  plantLock,
  plantPipe,
} from './foreign.ts';
import { newDir, opened } from './private-redis.ts';

/** Larger than the size above which an old log is overwritten. */
const PRECIOUS = 'precious\n'.repeat(200_000);
/** Pid above the largest of Linux (2^22). */
const DEAD = 4_194_305;

describe('a planted lock', () => {
  it('of a live owner does not lead a guest to the Redis of somebody else', async () => {
    const dir = await plantedDir();
    const socketPath = join(dirname(dir), 'theirs.sock');
    const { asked } = await foreignServer(socketPath);
    await plantLock(dir, { socketPath });
    await expect(opened(dir, { role: 'guest' })).rejects.toMatchObject({
      code: 'E_DATA_DIR_LOCKED',
    });
    expect(asked).toEqual([]);
  });

  it('of a dead owner does not shut the Redis of somebody else down', async () => {
    const dir = await plantedDir();
    const socketPath = join(dirname(dir), 'theirs.sock');
    const { asked } = await foreignServer(socketPath);
    await plantLock(dir, { pid: DEAD, socketPath });
    expect(await opened(dir)).toMatchObject({ owner: true, socketPath: join(dir, 'redis.sock') });
    expect(asked).toEqual([]);
  });

  it('that is a link to a lock elsewhere is not believed', async () => {
    const [dir, other] = [await plantedDir(), await plantedDir()];
    await plantLock(other, { socketPath: join(dir, 'redis.sock') });
    await symlink(join(other, 'lock.1'), join(dir, 'lock.1'));
    expect(await opened(dir)).toMatchObject({ owner: true });
  });

  it('that is a pipe does not hold a command up', { timeout: 10_000 }, async () => {
    const dir = await plantedDir();
    plantPipe(join(dir, 'lock.1'));
    expect(await opened(dir)).toMatchObject({ owner: true });
  });

  it('with the highest number there is does not keep a taker busy', {
    timeout: 10_000,
  }, async () => {
    const dir = await plantedDir();
    await writeFile(join(dir, 'lock.100000000000000000000'), '');
    const result = await Promise.race([takeLock(dir), aborted(5000)]);
    expect(result).toMatchObject({ kind: 'taken' });
  });

  it('that a link replaced empties no file at the release', async () => {
    const dir = await plantedDir();
    const lock = await takeLock(dir);
    const precious = join(dirname(dir), 'precious');
    await writeFile(precious, PRECIOUS);
    await rm(join(dir, 'lock.1'));
    await symlink(precious, join(dir, 'lock.1'));
    if (lock.kind !== 'taken') throw new Error('the lock is held');
    await expect(lock.release()).rejects.toMatchObject({ code: 'E_DATA_DIR' });
    expect((await stat(precious)).size).toBe(PRECIOUS.length);
  });
});

/** Ends the test's own patience; a taker that never yields to timers ends it with the test. */
function aborted(ms: number): Promise<string> {
  const signal = AbortSignal.timeout(ms);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('late')));
}

describe('a planted redis.log', () => {
  it('that is a link destroys no file', async () => {
    const dir = await plantedDir();
    const precious = join(dirname(dir), 'precious');
    await writeFile(precious, PRECIOUS);
    await symlink(precious, join(dir, 'redis.log'));
    await expect(opened(dir)).rejects.toMatchObject({
      code: 'E_DATA_DIR',
      message: expect.stringContaining('redis.log'),
    });
    expect((await readFile(precious, 'utf8')) === PRECIOUS).toBe(true);
  });

  it('that is a pipe does not hold a command up', { timeout: 10_000 }, async () => {
    const dir = await plantedDir();
    plantPipe(join(dir, 'redis.log'));
    await expect(opened(dir)).rejects.toMatchObject({ code: 'E_DATA_DIR' });
  });
});

it.each(['appendonlydir', 'appendonly.aof', 'dump.rdb'])(
  'a planted link %s does not lead the server to the files of another folder',
  async (name) => {
    const dir = await plantedDir();
    await symlink(await plantedDir(), join(dir, name));
    await expect(opened(dir)).rejects.toMatchObject({
      code: 'E_DATA_DIR',
      message: expect.stringContaining(name),
    });
  },
);

describe('a data directory', () => {
  it('of another user is refused, and the sentence says whose it is', async () => {
    const dir = await foreignDir();
    const { uid } = await stat(dir);
    await expect(opened(dir)).rejects.toMatchObject({
      code: 'E_DATA_DIR',
      message: expect.stringMatching(new RegExp(`user ${uid}\\b.*ONBOARD_DATA_DIR`)),
    });
  });

  it.each([0o770, 0o707, 0o1777])(
    'of mode %o, in which others plant files, is refused',
    async (mode) => {
      const dir = await plantedDir();
      await chmod(dir, mode);
      await expect(opened(dir)).rejects.toMatchObject({
        code: 'E_DATA_DIR',
        message: expect.stringContaining('chmod go-w'),
      });
    },
  );

  it('behind a link is judged by where the link leads', async () => {
    const [safe, open] = [await plantedDir(), await plantedDir()];
    await chmod(open, 0o777);
    const links = await plantedDir();
    await symlink(safe, join(links, 'safe'));
    await symlink(open, join(links, 'open'));
    await expect(opened(join(links, 'open'))).rejects.toMatchObject({ code: 'E_DATA_DIR' });
    expect((await opened(join(links, 'safe'))).socketPath).toBe(join(safe, 'redis.sock'));
    expect(await runningSocket(join(links, 'safe'), timings)).toBe(join(safe, 'redis.sock'));
  });

  it('under a folder in which everybody may put another in its place is refused', async () => {
    const dir = await newDir();
    await chmod(dirname(dir), 0o777);
    await expect(opened(dir)).rejects.toMatchObject({
      code: 'E_DATA_DIR',
      message: expect.stringContaining(`chmod o-w ${dirname(dir)}`),
    });
  });

  it('that somebody takes over while a command runs is not read by the next one', async () => {
    const dir = await newDir();
    await opened(dir);
    expect(await runningSocket(dir, timings)).toBeDefined();
    await chmod(dir, 0o777);
    onRelease(() => chmod(dir, 0o700));
    expect(await runningSocket(dir, timings)).toBeUndefined();
    await expect(opened(dir, { role: 'guest' })).rejects.toMatchObject({ code: 'E_DATA_DIR' });
  });

  it.each(['/dev/null/x', '/dev/null'])('at %s is refused', async (dir) => {
    await expect(opened(dir)).rejects.toMatchObject({ code: 'E_DATA_DIR' });
  });

  it('of several new folders is made with mode 700', async () => {
    const base = await newDir();
    await opened(join(base, 'a', 'b'));
    for (const dir of [base, join(base, 'a'), join(base, 'a', 'b')]) {
      expect((await lstat(dir)).mode & 0o777).toBe(0o700);
    }
  });
});

describe('the folder of a socket outside of a data directory', () => {
  const LONG = 'a'.repeat(120);

  /** The path of the socket, learned from a server that has ended. */
  async function learned(dir: string): Promise<string> {
    const redis = await opened(dir);
    await redis.close();
    return redis.socketPath;
  }

  it('made by another user beforehand is not connected to', async () => {
    const dir = await newDir(LONG);
    const socketPath = await learned(dir);
    await mkdir(dirname(socketPath), { mode: 0o700 });
    onRelease(() => rm(dirname(socketPath), { recursive: true, force: true }));
    const { asked } = await foreignServer(socketPath);
    await giveAway(dirname(socketPath));
    expect(await runningSocket(dir, timings)).toBeUndefined();
    if (isRoot) await expect(opened(dir)).rejects.toMatchObject({ code: 'E_DATA_DIR' });
    expect(asked).toEqual([]);
  });

  it('that is a link to a folder of somebody else is not connected to', async () => {
    const dir = await newDir(LONG);
    const socketPath = await learned(dir);
    const theirs = await plantedDir();
    const { asked } = await foreignServer(join(theirs, 'redis.sock'));
    await symlink(theirs, dirname(socketPath));
    onRelease(() => rm(dirname(socketPath), { force: true }));
    expect(await runningSocket(dir, timings)).toBeUndefined();
    await expect(opened(dir)).rejects.toMatchObject({ code: 'E_DATA_DIR' });
    expect(asked).toEqual([]);
  });

  it('is found by a cron job with another TMPDIR', async () => {
    const dir = await newDir(LONG);
    const { socketPath } = await opened(dir);
    vi.stubEnv('TMPDIR', await plantedDir());
    onRelease(() => vi.unstubAllEnvs());
    expect(await runningSocket(dir, timings)).toBe(socketPath);
    expect(socketPath).toMatch(new RegExp(`^/tmp/onboard-${process.getuid?.()}-\\w+/redis.sock$`));
  });
});

it('a socket in our folder that is a link to the Redis of somebody else is not connected to', async () => {
  const dir = await plantedDir();
  const theirs = join(dirname(dir), 'theirs.sock');
  const { asked } = await foreignServer(theirs);
  await symlink(theirs, join(dir, 'redis.sock'));
  expect(await runningSocket(dir, timings)).toBeUndefined();
  expect(asked).toEqual([]);
});
