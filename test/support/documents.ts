import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Every file of the repository, also a new one, as a path from its root. */
export const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile());
