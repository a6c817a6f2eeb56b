import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Context } from '../../src/commands/context.ts';
import { watch } from '../../src/commands/watch.ts';
import { loadConfig } from '../../src/config.ts';
import { finish } from '../../src/ledger/batches.ts';
import { setHold } from '../../src/ledger/holds.ts';
import { Closers } from '../../src/shutdown.ts';
import { timings } from '../../src/timings.ts';
import { silent } from '../support/batches.ts';
import { people } from '../support/people.ts';
import { redisSpace } from '../support/space.ts';
import { openStage, type Stage } from '../support/stage.ts';

const never = new AbortController().signal;

function contextOf(): { context: Context; shown: () => string } {
  const stderr = Object.assign(new PassThrough(), { isTTY: false });
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const config = loadConfig({ env: {}, readFile: () => '', needs: [] });
  const io = { env: {}, stdin, stdout, stderr, interrupt: never, timings };
  const fail = () => undefined;
  const context = { io, config, logger: silent, closers: new Closers(timings), fail };
  return { context, shown: () => String(stderr.read() ?? '') };
}

function storeOf({ ledger, queues, redis }: Stage) {
  return {
    redis,
    ledger,
    queues,
    connect: async () => redisSpace().redis,
    hostsRedis: false,
  };
}

test('watching ends when the batch is over', async () => {
  const stage = await openStage();
  const batch = await stage.submit([]);
  const { context, shown } = contextOf();
  await finish(stage.ledger, batch);
  const report = await watch(context, storeOf(stage), { batch, signal: never });
  expect(report).toMatchObject({ batchId: batch, state: 'finished' });
  expect(shown()).toMatch(/^0 of 0 .* almost done\n$/);
});

test('watching ends when a hold stops the batch', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  await setHold(stage.ledger, { code: 'quota-exceeded', reason: 'r', remedy: 'm', since: 1 });
  const { context, shown } = contextOf();
  const report = await watch(context, storeOf(stage), { batch, signal: never });
  expect(report).toMatchObject({ state: 'processing', hold: 'quota-exceeded', pending: 2 });
  expect(shown()).toBe('held: quota-exceeded\n');
});

test('a signal ends it with the batch as it stands', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  const { context, shown } = contextOf();
  const signal = AbortSignal.abort();
  const report = await watch(context, storeOf(stage), { batch, signal });
  expect(report).toMatchObject({ state: 'processing', pending: 2 });
  expect(shown()).toMatch(/^0 of 2 .*0:01 left\n$/);
});

test('a batch that is not open yet is waited for until the signal', async () => {
  const stage = await openStage();
  const stop = new AbortController();
  const { context } = contextOf();
  const seen = watch(context, storeOf(stage), { batch: 'nosuch', signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(seen).rejects.toThrow('enough');
});
