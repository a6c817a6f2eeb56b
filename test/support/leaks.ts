import { afterEach, expect } from 'vitest';
import { releaseAll } from './resources.ts';

// Whatever a test opened through `resources.ts` is closed, in reverse order, even when it failed.
afterEach(async ({ task }) => {
  expect(await releaseAll({ failed: task.result?.state === 'fail' })).toEqual([]);
});
