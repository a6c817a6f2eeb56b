import { expect, test } from 'vitest';
import { createKeyWatch } from '../../src/console/key-watch.ts';
import type { CheckLine } from '../../src/console/system-facts.ts';
import { waitFor } from '../support/wait-for.ts';

const EXPIRES: CheckLine = {
  ...{ check: 'key-expiry', level: 'warning', what: 'the key expires on Monday' },
  remedy: 'create a new key before then',
};

test('the portal is asked about the key once an hour, however many look', async () => {
  let [now, asked] = [0, 0];
  const check = async () => {
    asked += 1;
    return [{ check: 'key', level: 'ok' as const, what: 'fine' }, EXPIRES];
  };
  const keyWarning = createKeyWatch(check, { everyMs: 3_600_000, now: () => now });
  expect(keyWarning()).toBeUndefined();
  expect(await waitFor(() => keyWarning())).toEqual(EXPIRES);
  now = 3_599_999;
  keyWarning();
  expect(asked).toBe(1);
  now = 3_600_000;
  expect(keyWarning()).toEqual(EXPIRES);
  expect(asked).toBe(2);
});

test('a key that is in order again, or a portal that does not answer, is no new warning', async () => {
  const answers = [
    async () => [EXPIRES],
    async () => Promise.reject(new Error('gone')),
    async () => [{ ...EXPIRES, level: 'ok' as const }],
  ];
  const last = async (): Promise<CheckLine[]> => [];
  const keyWarning = createKeyWatch(() => (answers.shift() ?? last)(), {
    everyMs: 0,
    now: Date.now,
  });
  expect(await waitFor(() => keyWarning())).toEqual(EXPIRES);
  // The failed question leaves what was known; the next one ends it.
  await waitFor(() => keyWarning() === undefined);
  expect(answers).toEqual([]);
});
