import { expect, test } from 'vitest';
import { takeTurn } from '../../src/ledger/notes/keeper-notes.ts';
import { parentId } from '../../src/queue/job-id.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

test('status leaves the repair to a keeper that has looked within the minute', async () => {
  const { run, ledger, queues, submit } = await openStage();
  const batch = await submit(people(2));
  await queues.invite.remove(parentId(batch, 1));
  await takeTurn(ledger, 60_000);
  const status = async () => (await run(['status', batch])).stdout;
  expect(await status()).toMatch(/: processing(?![\s\S]*repaired)/);
  await ledger.redis.del(ledger.keys.keeper);
  expect(await status()).toContain('the queue had lost the parent job: repaired');
});
