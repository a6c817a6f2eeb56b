import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { onRelease } from '../support/resources.ts';

const TOOLS = [
  'bash',
  'env',
  'dirname',
  'mktemp',
  'tail',
  'rm',
  'touch',
  'mv',
  'find',
  'grep',
  'wc',
  'cat',
  'head',
];
export const NPM = `echo "npm $*" >>calls
case "$1" in
  ci) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
  run) mkdir -p dist && touch dist/cli.js ;;
esac`;

/** The project of the test, and its folder of commands; new for each test. */
export let root: string;
export let bin: string;

/** Writes a command of the test. */
export function stub(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** Runs setup.sh with the test's own commands alone on PATH. */
export function setup(env: Record<string, string> = {}) {
  const before = calls().length;
  const { status, stderr, stdout } = spawnSync('bash', [join(root, 'scripts/setup.sh')], {
    env: { PATH: bin, ...env },
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  const lines = stderr.split('\n').filter((line) => line !== '');
  return { status, lines, calls: calls().slice(before) };
}

/** Calls of the test's own commands. */
function calls(): string[] {
  const path = join(root, 'calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

/** Makes a file newer than all files that setup.sh has written. */
export function change(path: string): void {
  const soon = new Date(Date.now() + 60_000);
  utimesSync(join(root, path), soon, soon);
}

/** Makes a project with a copy of setup.sh and stand-ins for the commands that it runs. */
export function prepare(): void {
  root = mkdtempSync(join(tmpdir(), 'onboard-setup-'));
  onRelease(() => rmSync(root, { recursive: true }));
  bin = join(root, 'bin');
  for (const dir of ['bin', 'scripts', 'src']) mkdirSync(join(root, dir));
  cpSync('scripts/setup.sh', join(root, 'scripts/setup.sh'));
  for (const name of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.browser.json',
  ]) {
    writeFileSync(join(root, name), '{}');
  }
  writeFileSync(join(root, 'src/cli.ts'), '');
  for (const tool of [...TOOLS, 'mkdir']) {
    const path = spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(path, join(bin, tool));
  }
  stub('node', 'echo v20.19.0');
  stub('npm', NPM);
  stub('redis-server', '');
  stub('id', 'echo 1000');
}
