import { mkdir, rename, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { connectRedis } from '../../src/redis/connection/connect.ts';
import { timings } from '../../src/timings.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { newDir, opened } from './private-redis.ts';

const logger = createLogger({ level: 'silent' });

/** A server of an attacker, which keeps what it gets. */
async function foreignServer(socketPath: string): Promise<{ asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (text: string) => {
      asked.push(text);
      socket.write('+OK\r\n'.repeat(text.split('*').length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onRelease(() => server.close());
  return { asked };
}

test('a client that lost its private Redis does not reconnect to what somebody put in its place', async () => {
  const dir = await newDir();
  const { socketPath, close } = await opened(dir);
  const theirs = join(dirname(dir), 'theirs');
  await mkdir(theirs);
  const { asked } = await foreignServer(join(theirs, 'redis.sock'));
  const redis = await connectRedis({ socketPath, role: 'consumer', logger, timings });
  onRelease(() => redis.disconnect());
  await redis.set('row', 'kept');
  await close();
  await rename(dir, join(dirname(dir), 'moved'));
  await symlink(theirs, dir);
  redis.set('person', 'secret').catch(() => undefined);
  await waitFor(() => redis.status === 'end' || asked.length > 0);
  expect(asked).toEqual([]);
});

test('a producer says whose the socket may be, without a wait', async () => {
  const dir = await newDir();
  await mkdir(dir, { mode: 0o700 });
  const theirs = join(dirname(dir), 'theirs.sock');
  const { asked } = await foreignServer(theirs);
  await symlink(theirs, join(dir, 'redis.sock'));
  const socketPath = join(dir, 'redis.sock');
  await expect(
    connectRedis({ socketPath, role: 'producer', logger, timings }),
  ).rejects.toMatchObject({ code: 'E_DATA_DIR' });
  expect(asked).toEqual([]);
});
