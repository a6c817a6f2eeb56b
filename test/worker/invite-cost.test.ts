import { expect, test } from 'vitest';
import { people } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { openCase } from './handler-case.ts';

test('an invite of 2,000 people asks Redis for their e-mails a hundred at a time', async () => {
  const rows = people(2000);
  const at = await openCase({ rows, redis: (await ownRedis()).url });
  await at.created(...rows.keys());
  const before = await commands(at.stage.redis);
  expect(await at.invite()).toMatchObject({ job: { kind: 'done', result: 'invited 2000' } });
  // Twice 20 commands for the e-mails; scripts and their commands are about 90 more.
  expect((await commands(at.stage.redis)) - before).toBeLessThan(160);
  const [invited] = at.stage.sandbox.state().acceptedInvites;
  expect(invited?.emails).toEqual(rows.map((_, index) => `p${index}@example.com`));
});

async function commands(redis: { info(section: string): Promise<string> }): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
}
