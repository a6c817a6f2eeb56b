import { expect, test } from 'vitest';
import { createHub, type Heard } from '../../../src/console/live/hub.ts';
import { OnboardError } from '../../../src/errors.ts';
import { timings } from '../../../src/timings.ts';
import { onRelease } from '../../support/resources.ts';
import { waitFor } from '../../support/wait-for.ts';

const SOON = { ...timings, liveMovingMs: 20, liveStillMs: 60_000, liveReadMs: 200 };

function opened() {
  const hub = createHub(SOON);
  onRelease(() => hub.close());
  return hub;
}

test('500 viewers of one page cost one reading at a time', async () => {
  const hub = opened();
  let [reads, heard] = [0, 0];
  const topic = { key: '/', isMoving: () => true, read: async () => ++reads };
  const listener = (one: Heard<number>) => {
    if (one.kind === 'read' && one.value === 3) heard += 1;
  };
  const leaves = Array.from({ length: 500 }, () => hub.watch(topic, listener));
  await waitFor(async () => (heard === 500 ? true : undefined), { what: 'everybody to hear' });
  for (const leave of leaves) leave();
  expect(reads).toBeLessThanOrEqual(4);
});

test('what stands still is read again after five seconds only', async () => {
  const hub = opened();
  const [still, moving] = [{ reads: 0 }, { reads: 0 }];
  const topicOf = (key: string, count: { reads: number }, isMoving: boolean) => ({
    key,
    isMoving: () => isMoving,
    read: async () => {
      count.reads += 1;
    },
  });
  hub.watch(topicOf('a', still, false), () => undefined);
  hub.watch(topicOf('b', moving, true), () => undefined);
  await waitFor(async () => (moving.reads > 3 ? true : undefined), { what: 'several readings' });
  expect(still.reads).toBe(1);
});

test('a batch that is gone is not looked for every second', async () => {
  const hub = opened();
  const reads = { gone: 0, away: 0 };
  const failing = (key: 'gone' | 'away', error: Error) => ({
    ...{ key, isMoving: () => true },
    read: async () => {
      reads[key] += 1;
      throw error;
    },
  });
  hub.watch(failing('gone', new OnboardError('E_BATCH_UNKNOWN', 'gone')), () => undefined);
  hub.watch(failing('away', new Error('Connection is closed.')), () => undefined);
  await waitFor(() => reads.away > 3, { what: 'several readings' });
  expect(reads.gone).toBe(1);
});

test('nobody reads when nobody watches any more', async () => {
  const hub = opened();
  let reads = 0;
  const topic = {
    key: '/',
    isMoving: () => true,
    read: async () => {
      reads += 1;
    },
  };
  await new Promise<void>((resolve) => {
    const leave = hub.watch(topic, () => {
      leave();
      resolve();
    });
  });
  let others = 0;
  const read = async () => {
    others += 1;
  };
  hub.watch({ ...topic, key: '/other', read }, () => undefined);
  await waitFor(async () => (others > 3 ? true : undefined), { what: 'some time to pass' });
  expect(reads).toBe(1);
});

test('everybody who watches hears that Redis hangs or fails', async () => {
  const hub = opened();
  const kinds: string[] = [];
  const results = [undefined, new Promise<number>(() => undefined), 1];
  const read = async () => {
    const result = results.shift();
    if (result === undefined) throw new Error('gone');
    return result;
  };
  hub.watch({ key: '/', isMoving: () => true, read }, ({ kind }) => kinds.push(kind));
  await waitFor(async () => (kinds.length >= 3 ? true : undefined), { what: 'three readings' });
  expect(kinds.slice(0, 3)).toEqual(['failed', 'failed', 'read']);
});
