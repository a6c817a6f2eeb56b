import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Imports that need a separate process: Redis, processes, threads that kill, memory. */
const HEAVY =
  /from '(?:ioredis|bullmq|playwright-core|node:child_process|node:worker_threads)'|process\.memoryUsage|inject\('redisUrl'\)/;

/** Test files without such an import, direct or indirect. */
export function pureTests(): string[] {
  const isPure = createJudge();
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(ROOT, 'test', name))
    .filter((path) => path.endsWith('.test.ts') && isPure(path))
    .map((path) => relative(ROOT, path));
}

function createJudge(): (path: string) => boolean {
  const known = new Map<string, boolean>();
  const isPure = (path: string): boolean => {
    const before = known.get(path);
    if (before !== undefined) return before;
    // The assumption until the answer is known, so that an import cycle ends.
    known.set(path, true);
    const text = readFileSync(path, 'utf8');
    const pure = !HEAVY.test(text) && importsOf(path, text).every(isPure);
    known.set(path, pure);
    return pure;
  };
  return isPure;
}

/** Imports of a file from tests and scripts; those from `src` start nothing. */
function importsOf(path: string, text: string): string[] {
  const names = [...text.matchAll(/^(?:import [^;]*?|\} )from '(\.[^']+)'/gm)];
  return names
    .map(([, name = '']) => resolve(dirname(path), name))
    .filter((target) => !target.startsWith(join(ROOT, 'src')));
}
