import { expect, test } from 'vitest';
import { pause } from '../../src/batch/stop-queues.ts';
import { readHold, setHold } from '../../src/ledger/stops/holds.ts';
import type { HoldCode } from '../../src/stops.ts';
import { shapeA } from '../portal/answers.ts';
import { faultyPortal } from '../support/faulty-portal.ts';
import { openStage, type Stage } from '../support/stage.ts';

async function held(code: HoldCode): Promise<Stage> {
  const stage = await openStage();
  await setHold(stage.ledger, { code, reason: 'Why.', remedy: 'What.', since: Date.now() });
  await stage.queues.createUser.pause();
  await stage.queues.invite.pause();
  return stage;
}

async function isHeld(stage: Stage): Promise<boolean> {
  const { createUser, invite } = stage.queues;
  const paused = await Promise.all([createUser.isPaused(), invite.isPaused()]);
  const hold = await readHold(stage.ledger);
  expect(new Set(paused)).toEqual(new Set([hold !== undefined]));
  return hold !== undefined;
}

test.each(['key-rejected', 'portal-suspended', 'wrong-address'] as const)(
  'a worker whose key the portal takes lifts %s',
  async (code) => {
    const stage = await held(code);
    await stage.startWorkers();
    expect(await isHeld(stage)).toBe(false);
  },
);

test('a worker whose key the portal does not take leaves the hold', async () => {
  const stage = await held('key-rejected');
  const { portal } = await faultyPortal(stage.sandbox, () => ({ before: shapeA(401, 'no') }));
  await stage.startWorkers({ portal });
  expect(await isHeld(stage)).toBe(true);
});

test.each(['quota-exceeded', 'too-many-failures', 'plan-limit'] as const)(
  'a worker that a supervisor restarts leaves %s to a person',
  async (code) => {
    const stage = await held(code);
    await stage.startWorkers();
    expect(await isHeld(stage)).toBe(true);
  },
);

test('a pause that arrives while a worker starts stays in force', async () => {
  const stage = await openStage();
  const { ledger, queues } = stage;
  const resume = queues.invite.resume.bind(queues.invite);
  queues.invite.resume = async () => {
    await pause({ ledger, queues }, { by: 'ana', now: Date.now() });
    await resume();
  };
  await stage.startWorkers();
  expect(await isHeld(stage)).toBe(true);
});
