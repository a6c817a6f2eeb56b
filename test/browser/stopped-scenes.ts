import { setHold } from '../../src/ledger/stops/holds.ts';
import { extendQueueWait, noteOutage } from '../../src/ledger/stops/waits.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { holdReason } from '../../src/stops.ts';
import { servedConsole } from '../console/console-case.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import type { Scene } from './scene.ts';
import { signInScenes } from './sign-in-scenes.ts';

/** A batch of 40 that waits, with something in the way of everybody. */
function stopped(name: string, stop: (stage: Stage) => Promise<unknown>): Scene {
  return {
    name,
    pages: [
      ['/', 200],
      ['/batches/autumn-2026', 200],
      ['/resume', 200],
    ],
    open: async () => {
      const stage = await openStage();
      await stage.submit(people(40), { id: 'autumn-2026' });
      await stop(stage);
      return { operator: await servedConsole(stage, 'operator', { label: 'Production' }) };
    },
  };
}

export const scenes: readonly Scene[] = [
  ...signInScenes,
  stopped('held', ({ ledger }) =>
    setHold(ledger, { ...holdReason('key-rejected', {}, 'HTTP 401'), since: Date.now() }),
  ),
  stopped('paused', ({ ledger }) =>
    setHold(ledger, { ...holdReason('paused', { by: 'ana' }), since: Date.now() }),
  ),
  stopped('limited', ({ ledger }) =>
    extendQueueWait(ledger, { queue: CREATE_USER, limiter: 'daily', waitMs: 11_520_000 }),
  ),
  stopped('away', ({ ledger }) =>
    noteOutage(ledger, { code: 'connect-refused', firstMs: 60_000, mostMs: 60_000, random: 1 }),
  ),
];
