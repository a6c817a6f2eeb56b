import { expect, test } from 'vitest';
import { takeTurn } from '../../src/ledger/looks.ts';
import { parentId } from '../../src/queue/job-id.ts';
import { openPlace } from '../support/cli.ts';
import { people } from '../support/people.ts';
import { openWorld } from '../support/world.ts';

test('status leaves the mending to a keeper that has looked within the minute', async () => {
  const { space, ledger, queues, submit } = await openWorld();
  const batch = await submit(people(2));
  await queues.invite.remove(parentId(batch, 1));
  await takeTurn(ledger, 60_000);
  const place = await openPlace({ REDIS_URL: space.url, ONBOARD_PREFIX: space.prefix });
  const status = async () => (await place.run(['status', batch])).stdout;
  expect(await status()).toMatch(/: processing(?![\s\S]*mended)/);
  await ledger.redis.del(ledger.keys.keeper);
  expect(await status()).toContain('the queue had lost the parent job: mended');
});
