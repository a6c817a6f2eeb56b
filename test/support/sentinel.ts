import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';
import { ownRedis, type TestRedis } from './redis-server.ts';
import { onRelease } from './resources.ts';
import { waitFor } from './wait-for.ts';

/** A master with one replica that follows it; both are stopped after the test. */
export async function startPair(): Promise<{ master: TestRedis; replica: TestRedis }> {
  const master = await ownRedis();
  const { hostname, port } = new URL(master.url);
  const replica = await ownRedis(['--replicaof', `${hostname} ${port}`]);
  await untilReplicated(master.url);
  return { master, replica };
}

async function untilReplicated(url: string): Promise<void> {
  const redis = new Redis(url);
  await waitFor(async () => /slave0:.*state=online/.test(await redis.info('replication')));
  redis.disconnect();
}

/**
 * Starts one sentinel that decides alone, within a second, that the master is gone; returns its
 * port.
 */
export async function startSentinel(masterUrl: string): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'onboard-sentinel-'));
  const port = await freePort();
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `sentinel monitor people 127.0.0.1 ${new URL(masterUrl).port} 1`,
    'sentinel down-after-milliseconds people 1000',
    'sentinel failover-timeout people 5000',
  ];
  const file = join(dir, 'sentinel.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  onRelease(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(dir, { recursive: true, force: true });
  });
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  await waitFor(async () => /slaves=1/.test(await redis.info('sentinel')), {
    what: 'the sentinel to know the replica',
  });
  redis.disconnect();
  return port;
}
