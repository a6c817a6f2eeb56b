import { afterEach, expect } from 'vitest';
import { releaseAll } from './resources.ts';

// Closes everything that a test opened through `resources.ts`, in reverse order, even after a
// failure.
afterEach(async ({ task }) => {
  expect(await releaseAll({ failed: task.result?.state === 'fail' })).toEqual([]);
});
