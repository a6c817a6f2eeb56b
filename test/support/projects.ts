import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What needs a process to itself: Redis, processes, threads that kill, the memory of this one. */
const HEAVY =
  /from '(?:ioredis|bullmq|node:child_process|node:worker_threads)'|process\.memoryUsage|inject\('redisUrl'\)/;

/** Test files that neither use such a thing nor import a file that does. */
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
    // Until it is known otherwise, so that a circle ends.
    known.set(path, true);
    const text = readFileSync(path, 'utf8');
    const pure = !HEAVY.test(text) && importsOf(path, text).every(isPure);
    known.set(path, pure);
    return pure;
  };
  return isPure;
}

/** What a file imports of tests and scripts; what it imports of `src` starts nothing by itself. */
function importsOf(path: string, text: string): string[] {
  const names = [...text.matchAll(/^(?:import [^;]*?|\} )from '(\.[^']+)'/gm)];
  return names
    .map(([, name = '']) => resolve(dirname(path), name))
    .filter((target) => !target.startsWith(join(ROOT, 'src')));
}
