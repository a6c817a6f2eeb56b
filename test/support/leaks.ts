import { afterEach, expect } from 'vitest';
import { releaseAll } from './resources.ts';

// Whatever a test opened through `resources.ts` is closed, in reverse order, even when it failed.
afterEach(async () => {
  expect(await releaseAll()).toEqual([]);
});
