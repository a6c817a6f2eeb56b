import { expect, test } from 'vitest';
import { inFlight, type Start } from '../../src/batch/in-flight.ts';
import { waitFor } from '../support/wait-for.ts';

/** Tasks that end on demand. */
function tasks() {
  const started: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const task = (id: number) => () =>
    new Promise<void>((resolve, reject) => {
      started.push(id);
      ends[id] = (error) => (error === undefined ? resolve() : reject(error));
    });
  const all = (count: number) => async (start: Start) => {
    for (let id = 0; id < count; id += 1) await start(task(id));
  };
  return { started, ends, task, all };
}

test('no more than the limit are under way, and they start in order', async () => {
  const { started, ends, all } = tasks();
  const running = inFlight(2, all(3));
  await waitFor(() => started.length === 2);
  ends[0]?.();
  await waitFor(() => started.length === 3);
  expect(started).toEqual([0, 1, 2]);
  ends[1]?.();
  ends[2]?.();
  await running;
});

test('with a limit of one, a task starts only when the one before has ended', async () => {
  const { started, ends, all } = tasks();
  const running = inFlight(1, all(2));
  await waitFor(() => started.length === 1);
  ends[0]?.();
  await waitFor(() => started.length === 2);
  ends[1]?.();
  await running;
});

test('a failure is thrown and nothing more is started', async () => {
  const { started, ends, all } = tasks();
  const running = inFlight(1, all(3));
  await waitFor(() => started.length === 1);
  ends[0]?.(new Error('refused'));
  await expect(running).rejects.toThrow('refused');
  expect(started).toEqual([0]);
});

test('a body that fails is thrown only when what it started has ended', async () => {
  const { started, ends, task } = tasks();
  let over = false;
  const running = inFlight(2, async (start) => {
    await start(task(0));
    throw new Error('interrupted');
  }).finally(() => {
    over = true;
  });
  running.catch(() => undefined);
  await waitFor(() => started.length === 1);
  expect(over).toBe(false);
  ends[0]?.();
  await expect(running).rejects.toThrow('interrupted');
});
