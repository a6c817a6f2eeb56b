import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { timings } from '../../src/timings.ts';
import { complaints, type PatientOptions, PatientWorker } from '../../src/worker/patient-worker.ts';
import { onRelease } from '../support/resources.ts';
import { openStage } from '../support/stage.ts';

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

test('a worker whose loop an error of Redis ended begins again, and reports it', async () => {
  const stage = await openStage();
  let failures = 1;
  class Broken extends PatientWorker {
    override async startStalledCheckTimer(): Promise<void> {
      if (failures-- > 0) throw new Error('UNBLOCKED');
    }
  }
  const { refusedPauseMs, refusedPauseMaxMs } = stage.timings;
  const options: PatientOptions = {
    connection: stage.redis.duplicate(),
    prefix: stage.prefix,
    autorun: false,
    refusedPauseMs,
    refusedPauseMaxMs,
  };
  const worker = new Broken('create-user', async () => 'worked', options);
  onRelease(() => worker.close());
  const errors: string[] = [];
  worker.on('error', (error) => errors.push(error.message));
  const worked = new Promise((resolve) => worker.once('completed', (job) => resolve(job.id)));
  void worker.run();
  await stage.queues.createUser.add(
    'create-user',
    { batch: 'b', round: 1, row: 0 },
    { jobId: 'a' },
  );
  expect(await worked).toBe('a');
  expect(errors).toEqual(['UNBLOCKED']);
});
