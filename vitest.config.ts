import { defineConfig } from 'vitest/config';
import { chromiumPlace } from './test/browser/chromium-place.ts';
import { pureTests } from './test/support/projects.ts';

const pure = pureTests();
// `scripts/test.sh` then fails with `browser tests: NOT RUN`.
const withoutBrowser = chromiumPlace() === undefined ? ['test/browser/**'] : [];

export default defineConfig({
  test: {
    // Waits for what happens sooner or later; a busy machine is no failure.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/leaks.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: pure,
          pool: 'threads',
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...withoutBrowser],
          globalSetup: ['test/support/global-redis.ts'],
          // Two cores: many tests wait for a lock, a limit or a process. With 6, polls run late.
          pool: 'forks',
          isolate: false,
          maxWorkers: 4,
        },
      },
    ],
  },
});
