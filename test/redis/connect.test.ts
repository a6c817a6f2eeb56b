import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Writable } from 'node:stream';
import type { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { type ConnectOptions, connectRedis } from '../../src/redis/connection/connect.ts';
import { timings } from '../../src/timings.ts';
import { freePort } from '../support/ports.ts';
import { ownRedis } from '../support/redis-server.ts';
import { refusingRedis } from '../support/refusing-redis.ts';
import { onRelease } from '../support/resources.ts';
import { quick } from '../support/timings.ts';
import { waitFor } from '../support/wait-for.ts';

const silent = createLogger({ level: 'silent' });

async function connected(options: ConnectOptions): Promise<Redis> {
  const redis = await connectRedis(options);
  onRelease(() => redis.disconnect());
  return redis;
}

async function redisWith(extra: string[] = []) {
  const server = await ownRedis(extra);
  return server;
}

describe('connectRedis', () => {
  it('hands out a connection that is ready', async () => {
    const redis = await connected({
      url: inject('redisUrl'),
      role: 'producer',
      logger: silent,
      timings,
    });
    expect(await redis.ping()).toBe('PONG');
    const { sentinelSilentMs, redisConnectMs, producerSilentMs } = timings;
    expect(redis.options).toMatchObject({
      sentinelCommandTimeout: sentinelSilentMs,
      connectTimeout: redisConnectMs,
      commandTimeout: producerSilentMs,
    });
  });

  it('logs in with percent-encoded credentials and selects the database', async () => {
    const server = await redisWith(['--user', 'us:er', 'on', '>p@ss/%', '~*', '+@all']);
    const url = `${server.url.replace('//', `//us%3Aer:p%40ss%2F%25@`)}/3`;
    const redis = await connected({ url, role: 'consumer', logger: silent, timings });
    expect(await redis.acl('WHOAMI')).toBe('us:er');
    expect(await redis.client('INFO')).toContain(' db=3 ');
  });

  it('tells a refused login at once, with the place and without the password', async () => {
    const url = inject('redisUrl').replace('//', '//nobody:hunter2@');
    const error = await connectRedis({ url, role: 'producer', logger: silent, timings }).catch(
      (e) => e,
    );
    expect(error).toMatchObject({ code: 'E_REDIS_UNREACHABLE' });
    expect(error.message).toContain(new URL(url).host.replace(/.*@/, ''));
    expect(error.message).toContain('WRONGPASS');
    expect(JSON.stringify([error, error.message])).not.toContain('hunter2');
  });

  it('refuses a database that the server does not have instead of using another', async () => {
    const url = `${inject('redisUrl')}/999`;
    await expect(
      connectRedis({ url, role: 'consumer', logger: silent, timings }),
    ).rejects.toMatchObject({
      code: 'E_REDIS_UNREACHABLE',
      message: expect.stringContaining('out of range'),
    });
  });

  it('gives up within seconds when nobody listens and when nobody answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onRelease(() => server.close());
    const mute = (server.address() as AddressInfo).port;
    const closed = await freePort();
    const brief = { ...timings, redisFirstConnectMs: 1500 };
    const [refused, unanswered] = await Promise.all(
      [closed, mute].map((port) => {
        const url = `redis://:hunter2@127.0.0.1:${port}`;
        return connectRedis({ url, role: 'consumer', logger: silent, timings: brief }).catch(
          (error) => error,
        );
      }),
    );
    expect(refused.code).toBe('E_REDIS_UNREACHABLE');
    expect(refused.message).toMatch(`Redis at 127.0.0.1:${closed} cannot be used (`);
    expect(refused.message).toMatch(/ECONNREFUSED/);
    expect(unanswered.code).toBe('E_REDIS_UNREACHABLE');
    expect(unanswered.message).toMatch(`Redis at 127.0.0.1:${mute} cannot be used (`);
  });

  it('lets a producer fail fast and a consumer wait while Redis is away', async () => {
    const server = await redisWith();
    const lines: string[] = [];
    const destination = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const logger = createLogger({ level: 'warn', destination });
    const producer = await connected({ url: server.url, role: 'producer', logger, timings });
    const consumer = await connected({
      url: server.url,
      role: 'consumer',
      logger: silent,
      timings,
    });
    await server.kill();
    await waitFor(() => producer.status !== 'ready' && consumer.status !== 'ready');
    await expect(producer.ping()).rejects.toThrow();
    const waiting = consumer.ping();
    await waitFor(() => lines.length > 0);
    await server.restart();
    expect(await waiting).toBe('PONG');
    expect(await waitFor(() => producer.ping().catch(() => false))).toBe('PONG');
    expect(lines.filter((line) => line.includes('redis connection lost'))).toHaveLength(1);
  });
});

it('a Redis that refuses each new connection is logged once, with its answer', async () => {
  const redis = await refusingRedis(inject('redisUrl'));
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ level: 'warn', destination });
  const client = await connectRedis({ url: redis.url, role: 'consumer', logger, timings: quick });
  onRelease(() => client.disconnect());
  redis.refuse = () => 'NOAUTH Authentication required.';
  redis.reset();
  await waitFor(() => redis.refused.length > 8);
  redis.refuse = () => undefined;
  // A ping may still meet the last connection that was refused.
  await waitFor(() => client.ping().catch(() => undefined));
  const said = lines.filter((line) => line.includes('redis refuses to work'));
  expect(said).toEqual([expect.stringContaining('NOAUTH Authentication required.')]);
});
