import { expect, test } from 'vitest';
import { readHold, setHold } from '../../src/ledger/holds.ts';
import { shapeA } from '../portal/answers.ts';
import { openWorld, type World } from '../support/world.ts';
import { faultyPortal } from './faulty-portal.ts';

async function held(code: string): Promise<World> {
  const world = await openWorld();
  await setHold(world.ledger, { code, reason: 'Why.', remedy: 'What.', since: Date.now() });
  await world.queues.createUser.pause();
  await world.queues.invite.pause();
  return world;
}

async function isHeld(world: World): Promise<boolean> {
  const { createUser, invite } = world.queues;
  const paused = await Promise.all([createUser.isPaused(), invite.isPaused()]);
  const hold = await readHold(world.ledger);
  expect(new Set(paused)).toEqual(new Set([hold !== undefined]));
  return hold !== undefined;
}

test.each(['key-rejected', 'portal-suspended', 'wrong-address'])(
  'a worker whose key the portal takes lifts %s',
  async (code) => {
    const world = await held(code);
    await world.startWorkers();
    expect(await isHeld(world)).toBe(false);
  },
);

test('a worker whose key the portal does not take leaves the hold', async () => {
  const world = await held('key-rejected');
  const { portal } = await faultyPortal(world.sandbox, () => ({ before: shapeA(401, 'no') }));
  await world.startWorkers({ portal });
  expect(await isHeld(world)).toBe(true);
});

test.each(['quota-exceeded', 'too-many-failures', 'invite-refused'])(
  'a worker that a supervisor restarts leaves %s to a person',
  async (code) => {
    const world = await held(code);
    await world.startWorkers();
    expect(await isHeld(world)).toBe(true);
  },
);
