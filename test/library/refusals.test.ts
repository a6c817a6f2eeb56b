import { expect, test } from 'vitest';
import { messageOf } from '../../src/errors.ts';
import { type Onboard, OnboardError, openOnboard } from '../../src/index.ts';
import { freePort } from '../support/ports.ts';
import { openStage } from '../support/stage.ts';
import { opened, persons } from './opened.ts';

async function rowsOf(onboard: Onboard, batchId: string) {
  const rows = [];
  for await (const row of onboard.report(batchId)) rows.push(row);
  return rows;
}

test.each([
  [{ limit: 0 }, 'limit'],
  [{ maxFailedPercent: 101 }, 'maxFailedPercent'],
  [{ batchId: '7 up' }, 'batchId'],
  [{ inviteAt: new Date('friday') }, 'inviteAt'],
  [{ culture: 'german!' }, 'culture'],
])('submit with %j is refused and names the option', async (options, named) => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const refused = onboard.submit(persons(1), options);
  await expect(refused).rejects.toMatchObject({
    code: 'E_USAGE',
    message: expect.stringContaining(named),
  });
});

test('errors are OnboardErrors with the codes of the command line', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  for (const call of [
    () => onboard.status('b000000000000'),
    () => rowsOf(onboard, 'b000000000000'),
    () => onboard.retry('b000000000000'),
    () => onboard.cancel('b000000000000'),
  ]) {
    await expect(call()).rejects.toMatchObject({ name: 'OnboardError', code: 'E_BATCH_UNKNOWN' });
  }
  await expect(onboard.retry((await onboard.submit(persons(1))).batchId)).rejects.toThrow(
    OnboardError,
  );
});

test('options are checked before anything connects, and faults are in their words', async () => {
  const wrong = { redisUrl: 'localhost', portalUrl: 'http://portal.example.com', attempts: 0 };
  const attempt = openOnboard(wrong);
  await expect(attempt).rejects.toMatchObject({ code: 'E_CONFIG' });
  const message = messageOf(await attempt.catch((error: unknown) => error));
  for (const name of Object.keys(wrong)) expect(message).toContain(name);
  expect(message).not.toMatch(/REDIS_URL|DOCSPACE_URL|ONBOARD_/);
  const portalUrl = 'https://portal.example.com';
  await expect(openOnboard({ redisUrl: '', portalUrl })).rejects.toThrow('redisUrl is missing');
});

test('a Redis that is not there is one error within seconds', async () => {
  const redisUrl = `redis://127.0.0.1:${await freePort()}`;
  const portalUrl = 'https://portal.example.com';
  await expect(openOnboard({ redisUrl, portalUrl })).rejects.toMatchObject({
    code: 'E_REDIS_UNREACHABLE',
  });
});
