import { expect, test } from 'vitest';
import { inFlight } from '../../src/batch/in-flight.ts';

/** Tasks that end when told to. */
function tasks() {
  const started: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const task = (id: number) => () =>
    new Promise<void>((resolve, reject) => {
      started.push(id);
      ends[id] = (error) => (error === undefined ? resolve() : reject(error));
    });
  return { started, ends, task };
}

test('no more than the limit are under way, and they start in order', async () => {
  const { started, ends, task } = tasks();
  const slices = inFlight(2);
  await slices.start(task(0));
  await slices.start(task(1));
  const third = slices.start(task(2));
  expect(started).toEqual([0, 1]);
  ends[0]?.();
  await third;
  expect(started).toEqual([0, 1, 2]);
  ends[1]?.();
  ends[2]?.();
  await slices.settled();
});

test('a failure is thrown by the next call and starts nothing more', async () => {
  const { started, ends, task } = tasks();
  const slices = inFlight(1);
  await slices.start(task(0));
  ends[0]?.(new Error('refused'));
  await expect(slices.start(task(1))).rejects.toThrow('refused');
  expect(started).toEqual([0]);
});

test('settled throws the failure of a task that nobody waited for', async () => {
  const { ends, task } = tasks();
  const slices = inFlight(2);
  await slices.start(task(0));
  ends[0]?.(new Error('lost'));
  await expect(slices.settled()).rejects.toThrow('lost');
});
