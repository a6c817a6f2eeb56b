import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openPlace } from '../support/place.ts';
import { onRelease } from '../support/resources.ts';

const CLI = resolve('dist/cli.js');
const ENV = { DOCSPACE_URL: 'http://127.0.0.1:1', DOCSPACE_API_KEY: 'sk-test' };

/** Runs a command in a folder that was deleted before it starts. */
async function runInDeleted(args: readonly string[]): Promise<{ code: number; stderr: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'onboard-deleted-'));
  const script = 'rmdir "$PWD" && exec "$0" "$@"';
  const child = spawn('/bin/sh', ['-c', script, process.execPath, CLI, ...args], {
    cwd,
    env: { ...ENV, PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onRelease(() => child.kill('SIGKILL'));
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { code, stderr };
}

test('a data directory that can never be made ends the command', { timeout: 20_000 }, async () => {
  const place = openPlace({ ...ENV, ONBOARD_DATA_DIR: '/proc/x' });
  const { code, stderr } = await place.process.run(['pause']);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^E_DATA_DIR: .*\/proc\/x/)]);
});

test.each([
  'status',
  'status 1',
  'report 1',
  'find a@example.com',
  'log',
  'dashboard',
  'worker',
  'pause',
  'resume',
  'cancel 1 --yes',
  'retry 1',
  'purge 1 --yes',
  'watch 1',
  'check people.csv',
  'submit people.csv',
  'run people.csv --dry-run',
  'run /dev/null --format xlsx',
  'sandbox --existing people.txt',
  'completion bash',
])('onboard %s in a folder that somebody deleted says so', async (line) => {
  const { stderr } = await runInDeleted(line.split(' '));
  expect(stderr).not.toMatch(/E_INTERNAL|uv_cwd|\n {4}at /);
  expect(stderr).toMatch(line === 'completion bash' ? /^$/ : /^E_(?:DATA_DIR|FILE_\w+): .*\n/);
});
