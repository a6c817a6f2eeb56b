import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { read } from '../support/documents.ts';
import { peopleCsv } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** The documented number of connections of each command. */
function documented(): Map<string, number> {
  const [, section = ''] = read('docs/configuration.md').split('### Connections to Redis\n');
  const rows = section.split('\n## ')[0]?.matchAll(/^\| (.*?) +\| (\d+) +\|$/gm) ?? [];
  return new Map(
    [...rows].flatMap(([, names = '', count]) =>
      [...names.matchAll(/`([a-z]+)/g)].map(([, name = '']): [string, number] => [
        name,
        Number(count),
      ]),
    ),
  );
}

test('each command has the documented number of connections to Redis', async () => {
  const server = await ownRedis();
  const admin = new Redis(server.url);
  onRelease(() => admin.disconnect());
  const opened = async () =>
    Number(/total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1]);
  const open = async () =>
    String(await admin.client('LIST'))
      .trim()
      .split('\n').length - 1;
  const stage = await openStage({
    redis: server.url,
    env: { CONSOLE_PORT: '0', DASHBOARD_PORT: '0' },
  });
  stage.write('people.csv', peopleCsv(3));
  stage.write('more.csv', peopleCsv(3, 10));
  const measured = new Map<string, number>();
  const measure = async (command: string, ...args: string[]) => {
    const before = await opened();
    await stage.run([command, ...args]);
    measured.set(command, (await opened()) - before);
  };
  await measure('run', 'people.csv', '--batch', 'a');
  await measure('submit', 'more.csv', '--batch', 'b', '--limit', '2');
  for (const [name, ready] of [
    ['worker', 'worker ready'],
    ['console', 'http'],
    ['dashboard', 'http'],
  ] as const) {
    const running = stage.start([name]);
    await waitFor(() => (running.stdout + running.stderr).includes(ready));
    await waitFor(async () => (await open()) === documented().get(name), { timeoutMs: 5000 });
    measured.set(name, await open());
    running.send('SIGTERM');
    await running.ended;
  }
  await measure('check');
  await measure('status', 'b');
  await measure('report', 'b');
  await measure('find', 'p0@example.com');
  await measure('log');
  await measure('pause');
  await measure('resume');
  await measure('cancel', 'b', '--yes');
  await measure('retry', 'b');
  await measure('continue', 'b');
  await measure('invite', 'a');
  await measure('watch', 'a');
  await measure('purge', 'a', '--yes');
  expect(Object.fromEntries(measured)).toEqual(Object.fromEntries(documented()));
});
