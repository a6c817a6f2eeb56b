import { expect, test } from 'vitest';
import { people } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { consoleOn } from './console-case.ts';

/** Commands and bytes that Redis has answered since its start. */
async function answered({ redis }: Stage): Promise<{ commands: number; bytes: number }> {
  const stats = await redis.info('stats');
  const of = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(stats)?.[1]);
  return { commands: of('total_commands_processed'), bytes: of('total_net_output_bytes') };
}

const PATHS = [
  '/',
  '/batches',
  '/batches/b',
  '/batches/b/rows',
  '/batches/b/rows?state=pending',
  '/batches/b/rows/150',
  '/batches/b/activity',
  '/batches/b/cancel',
  '/queues',
];

/** Cost of each page in Redis with this many people in one batch. */
async function costs(count: number) {
  const stage = await openStage({ redis: (await ownRedis()).url });
  await stage.submit(people(count), { id: 'b' });
  const { app } = consoleOn(stage, 'admin');
  const spent = new Map<string, { commands: number; bytes: number }>();
  for (const path of PATHS) {
    // The first time loads scripts into Redis.
    await app.request(path);
    const before = await answered(stage);
    expect([path, (await app.request(path)).status]).toEqual([path, 200]);
    const after = await answered(stage);
    const commands = after.commands - before.commands;
    spent.set(path, { commands, bytes: after.bytes - before.bytes });
  }
  return spent;
}

test('a page of a batch of 20,000 costs Redis what one of 200 costs', async () => {
  const [small, large] = [await costs(200), await costs(20_000)];
  for (const path of PATHS) {
    const [few, many] = [small.get(path), large.get(path)];
    expect([path, many?.commands]).toEqual([path, few?.commands]);
    // A bitmap of 20,000 rows has 2.5 KB, of which a page reads at most 16 KiB for each filter.
    expect([path, (many?.bytes ?? 0) - (few?.bytes ?? 0) < 8000]).toEqual([path, true]);
  }
});
