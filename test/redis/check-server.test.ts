import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { checkServer } from '../../src/redis/connection/check-server.ts';
import { ownRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';

function clientOf(url: string): Redis {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  onRelease(() => redis.disconnect());
  return redis;
}

async function serverWith(extra: string[]): Promise<string> {
  const server = await ownRedis(extra);
  return server.url;
}

const NO_CONFIG = ['--user', 'managed', 'on', 'nopass', '~*', '+@all', '-config'];

/** Answers INFO like another kind of server, and refuses the rest. */
async function pretender(info: string): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const [, name] of String(data).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        socket.write(
          name === 'info'
            ? `$${info.length}\r\n${info}\r\n`
            : `-ERR unknown command '${name?.toUpperCase()}'\r\n`,
        );
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onRelease(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('checkServer', () => {
  it('lets a server pass that evicts nothing', async () => {
    await expect(checkServer(clientOf(inject('redisUrl')))).resolves.toBeUndefined();
  });

  it.each([
    ['CONFIG tells it', [], ''],
    ['only INFO may tell it', NO_CONFIG, 'managed:x@'],
  ])('names an evicting policy and its remedy when %s', async (_, extra, login) => {
    const url = await serverWith(['--maxmemory-policy', 'allkeys-lru', ...extra]);
    const redis = clientOf(url.replace('//', `//${login}`));
    await expect(checkServer(redis)).rejects.toMatchObject({
      code: 'E_REDIS_EVICTION',
      message: expect.stringMatching(/allkeys-lru.*CONFIG SET maxmemory-policy noeviction/),
    });
  });

  it('lets a server pass that tells neither version nor policy', async () => {
    const silent = ['--user', 'managed', 'on', 'nopass', '~*', '+@all', '-config', '-info'];
    const url = await serverWith(['--maxmemory-policy', 'allkeys-lru', ...silent]);
    const redis = new Redis(url.replace('//', '//managed:x@'), { enableReadyCheck: false });
    onRelease(() => redis.disconnect());
    await expect(checkServer(redis)).resolves.toBeUndefined();
  });

  it.each(['6.0.20', '5.0.7', '2.8.0'])('refuses Redis %s', async (version) => {
    const redis = clientOf(await pretender(`redis_version:${version}\r\n`));
    await expect(checkServer(redis)).rejects.toMatchObject({
      code: 'E_REDIS_VERSION',
      message: expect.stringMatching(`version ${version}.*6\\.2`),
    });
  });

  it.each([
    'redis_version:6.2.0\r\n',
    'redis_version:10.0.1\r\n',
    'redis_version:4.0.0\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n',
  ])('takes %j', async (info) => {
    const redis = clientOf(await pretender(info));
    await expect(checkServer(redis)).resolves.toBeUndefined();
  });
});
