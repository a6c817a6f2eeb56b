import { expect, test } from 'vitest';
import { readActivity } from '../../src/overview/activity.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { consoleOn, servedConsole } from './console-case.ts';

test('a download is a file of its own, recorded before its first byte', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3), { id: 'spring' });
  const { app } = consoleOn(stage);
  const answer = await app.request(`/batches/${batch}/report.csv`);
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="spring-report.csv"',
  );
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await answer.text()).trim().split('\n')).toHaveLength(4);
  const { entries } = await readActivity(stage, { batch, action: 'download', size: 9 });
  expect(entries).toMatchObject([{ by: { name: 'ana' }, details: { what: 'report' } }]);
  const lines = await (await app.request(`/batches/${batch}/report.ndjson`)).text();
  expect(JSON.parse(lines.split('\n')[0] ?? '')).toMatchObject({ email: 'p0@example.com' });
});

test('a viewer may download nobody', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(1));
  const { app } = consoleOn(stage, 'viewer');
  expect((await app.request(`/batches/${batch}/report.csv`)).status).toBe(403);
});

test('a download that breaks off in the middle does not look whole', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3000));
  let reads = 0;
  const redis = new Proxy(stage.ledger.redis, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== 'hgetall') return typeof value === 'function' ? value.bind(target) : value;
      reads += 1;
      if (reads > 30) return () => Promise.reject(new Error('Connection is closed.'));
      return value.bind(target);
    },
  });
  const readable = { ledger: { ...stage.ledger, redis }, queues: stage.queues };
  const url = await servedConsole(stage, 'operator', { readable });
  const answer = await fetch(`${url}/batches/${batch}/report.csv`);
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow('terminated');
});

test('the header of a report comes at once, and its rows many at a time', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(300));
  const { app } = consoleOn(stage);
  const { body } = await app.request(`/batches/${batch}/report.csv`);
  const lines: number[] = [];
  for await (const bytes of body ?? []) {
    lines.push(Buffer.from(bytes).toString().trim().split('\n').length);
  }
  expect(lines).toEqual([1, 300]);
});
