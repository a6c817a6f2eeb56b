import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onRelease } from '../support/resources.ts';
import { holds } from './holds.ts';
import { watchdogProgram } from './watchdog.ts';

test('a property that holds is tried with as many cases as asked for', async () => {
  let cases = 0;
  await holds(fc.integer(), () => {
    cases += 1;
  });
  expect(cases).toBeGreaterThanOrEqual(Number(process.env.FUZZ_RUNS ?? 100));
});

test('a case that throws, rejects or does not end is found', async () => {
  const seven = fc.constant(7);
  await expect(
    holds(seven, () => {
      throw new Error('thrown');
    }),
  ).rejects.toThrow('thrown');
  await expect(holds(seven, () => Promise.reject(new Error('rejected')))).rejects.toThrow(
    'rejected',
  );
  const endless = holds(seven, () => new Promise(() => undefined), { limitMs: 50 });
  await expect(endless).rejects.toThrow('timeout');
});

test('a rejection that nobody handles is found', async () => {
  const forgetful = holds(fc.constant(7), () => {
    void Promise.reject(new Error('forgotten'));
  });
  await expect(forgetful).rejects.toThrow('nobody handles the rejection: forgotten');
});

test('a case that loops forever ends its process with a line that says where', async () => {
  const program = `
    const { Worker } = require('node:worker_threads');
    const beats = new Int32Array(new SharedArrayBuffer(8));
    beats.set([42, 1]);
    const workerData = { beats, limitMs: 500, what: 'a loop', pid: process.pid };
    new Worker(${JSON.stringify(watchdogProgram)}, { eval: true, workerData });
    setImmediate(() => { for (;;); });
  `;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'pipe'] });
  onRelease(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  expect(said).toBe('fuzz: case 42 of "a loop" takes more than 500 ms: killed\n');
});
