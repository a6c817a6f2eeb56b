import { expect, test } from 'vitest';
import { batchIds } from '../../src/ledger/batches.ts';
import { createLogger } from '../../src/logger.ts';
import { startKeeper } from '../../src/worker/keeper.ts';
import { people } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld } from '../support/world.ts';

const DAY_MS = 86_400_000;
const retentionMs = 30 * DAY_MS;

test('what finished before the retention time is purged, the rest stays', async () => {
  const world = await openWorld();
  const workers = await world.startWorkers();
  const old = await world.submit(people(3));
  await world.untilFinished(old);
  const now = () => Date.now() + 31 * DAY_MS;
  onRelease(startKeeper(await world.deps(), { workers, retentionMs, now }));
  await waitFor(async () => (await batchIds(world.ledger)).length === 0);
});

test('a finished batch stays while it is younger than the retention time', async () => {
  const world = await openWorld();
  let looks = 0;
  const workers = {
    share: async () => {
      looks += 1;
    },
    close: async () => undefined,
  };
  await world.startWorkers();
  const batch = await world.submit(people(1));
  await world.untilFinished(batch);
  const now = () => Date.now() + 29 * DAY_MS;
  onRelease(startKeeper(await world.deps(), { workers, retentionMs, now }));
  await waitFor(() => looks > 0);
  expect(await batchIds(world.ledger)).toEqual([batch]);
});

test('a look that fails is a warning, not the end of the worker', async () => {
  const world = await openWorld();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'warn', pretty: false, destination });
  const workers = {
    share: () => Promise.reject(new Error('no Redis')),
    close: async () => undefined,
  };
  const deps = await world.deps({ logger });
  onRelease(startKeeper(deps, { workers, retentionMs, now: Date.now }));
  await waitFor(() => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'keeper could not look',
    reason: 'no Redis',
  });
});
