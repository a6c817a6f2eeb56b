import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const GUARD = resolve(import.meta.dirname, '../../scripts/bench/guard.mjs');

function sleeper() {
  return spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
}

test('the processes and folders of an aborted benchmark end with it, those of others stay', async () => {
  const [left, ended] = [sleeper(), sleeper()];
  const folder = mkdtempSync(join(tmpdir(), 'onboard-bench-'));
  const guard = fork(GUARD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    await once(guard, 'message');
    for (const change of [{ added: left.pid, folder }, { added: ended.pid }, { ended: ended.pid }])
      guard.send(change);
    const [gone, over] = [once(left, 'exit'), once(guard, 'exit')];
    guard.disconnect();
    expect(await gone).toEqual([null, 'SIGTERM']);
    await over;
    expect([existsSync(folder), ended.exitCode, ended.signalCode]).toEqual([false, null, null]);
  } finally {
    for (const child of [left, ended]) child.kill('SIGKILL');
  }
});
