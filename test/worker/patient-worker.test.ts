import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { timings } from '../../src/timings.ts';
import { complaints } from '../../src/worker/patient-worker.ts';

function refusal(message: string): Error {
  const command = { name: 'evalsha', args: ['secret'] };
  return Object.assign(new Error(message), { name: 'ReplyError', command });
}

test('a refusal is complained about every 30 s, each kind by itself, and no command is shown', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  let now = 0;
  const complain = complaints(
    { logger: createLogger({ level: 'warn', destination }), timings },
    () => now,
  );
  for (now = 0; now < 60_000; now += 100) complain(refusal('OOM no memory'));
  complain(refusal('MISCONF no disk'));
  complain(new Error('could not renew lock'));
  complain(new Error('could not renew lock'));
  const said = lines.map((line) => JSON.parse(line)).map(({ msg, refusal: word }) => [msg, word]);
  const refuses = 'redis refuses to work';
  expect(said).toEqual([
    [refuses, 'OOM'],
    [refuses, 'OOM'],
    [refuses, 'MISCONF'],
    ['worker connection', undefined],
    ['worker connection', undefined],
  ]);
  expect(lines.join('')).not.toContain('secret');
});
