import { createRequire } from 'node:module';

/**
 * Loads a CommonJS package. `import` takes longer, mostly to search the package for names: 80 ms
 * longer for BullMQ, 30 ms for ioredis, 12 ms for pino.
 */
export const requirePackage = createRequire(import.meta.url);
