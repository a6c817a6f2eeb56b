import { expect, test } from 'vitest';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { consoleOn, readText, SYSTEM, sent } from './console-case.ts';

test('the system page shows each check with its remedy, and the words of the portal to operators', async () => {
  const stage = await openStage();
  const checks = [
    { level: 'ok' as const, what: 'the key is valid' },
    { level: 'fault' as const, what: 'no seat is left', remedy: 'free one', detail: 'ana@x.org' },
  ];
  const own = consoleOn(stage);
  expect(await readText(own, '/system')).toContain('does not know the portal');
  const retention = { batches: 86_400_000, people: 0, jobs: 0, log: 0 };
  const system = { version: '1.2.3', retention, isNotifying: true, check: async () => checks };
  const text = await readText(consoleOn(stage, 'operator', { system }), '/system');
  expect(text).toMatch(
    /In order: the key is valid .*Fault: no seat is left free one a\*\*\*@x.org/,
  );
  const seen = await readText(consoleOn(stage, 'viewer', { system }), '/system');
  expect(seen).not.toContain('@x.org');
});

test('the system page says how many notifications were sent and given up', async () => {
  const stage = await openStage();
  const { notify } = stage.queues;
  expect(await readText(consoleOn(stage), '/system')).toMatch(/Sent 0 .*Given up 0/);
  for (const [at, state] of ['completed', 'completed', 'failed'].entries()) {
    await stage.redis.zadd(notify.toKey(state), at, `spring.${at}.finished.5`);
  }
  expect(await readText(consoleOn(stage), '/system')).toMatch(/Sent 2 .*Given up 1/);
});

test('a key that is about to expire needs somebody, on the front page', async () => {
  const stage = await openStage();
  await stage.submit(people(1));
  const what = 'the key expires on Monday';
  const keyWarning = () => ({ level: 'warning' as const, what, remedy: 'create a new key' });
  const console = consoleOn(stage, 'viewer', { system: { ...SYSTEM, keyWarning } });
  expect(await readText(console, '/')).toMatch(
    /Needs you The key expires on Monday create a new key Look at the system/,
  );
});

test('the record of a batch has numbers, reasons and deeds in UTC, and nobody of the list', async () => {
  const stage = await openStage({ works: true });
  const batch = await stage.submit(people(3));
  await stage.untilFinished(batch);
  const text = await readText(consoleOn(stage), `/batches/${batch}/print`);
  expect(text).toMatch(/Submitted \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  expect(text).toContain('Created 3');
  expect(text).not.toContain('example.com');
});

test('raw queues are for admins, with a policy of their own', async () => {
  const stage = await openStage();
  expect((await consoleOn(stage).app.request('/queues/raw')).status).toBe(403);
  const answer = await consoleOn(stage, 'admin').app.request('/queues/raw/');
  expect(await answer.text()).toBe('raw');
  expect(answer.headers.get('content-security-policy')).toContain(
    "style-src 'self' 'unsafe-inline'",
  );
});

test('roles are set by an admin alone, and only where the console knows the portal', async () => {
  const stage = await openStage({ works: true });
  const batch = await stage.submit(people(1));
  await stage.untilFinished(batch);
  const path = `/batches/${batch}/set-roles`;
  expect((await consoleOn(stage).app.request(path)).status).toBe(403);
  expect((await consoleOn(stage, 'admin').app.request(path)).status).toBe(409);
  const { portal, sandbox } = stage;
  const signal = new AbortController().signal;
  const rolePortal = { portal, origin: new URL(sandbox.url).origin, signal, pauseMs: 1 };
  const admin = consoleOn(stage, 'admin', { rolePortal });
  expect(await readText(admin, path)).toContain('No role is to be set');
  expect((await sent(admin, path)).text).toContain('0 accounts set');
});
