import { expect, test } from 'vitest';
import { createdOn, peopleCsv, untilCreated } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

test('a run whose terminal is closed drains, and the same command continues', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 100 } });
  stage.write('people.csv', peopleCsv(40));
  const running = stage.process.start(['run', 'people.csv', '--batch', 'a']);
  await untilCreated(stage.sandbox, 2);
  running.send('SIGHUP');
  const { code, signal, stderr } = await running.ended;
  expect([code, signal]).toEqual([130, null]);
  expect(stderr).toContain('run the same command to continue');
  expect(await stage.run(['run', 'people.csv', '--batch', 'a'])).toMatchObject({ code: 0 });
});

test.each(['worker', 'console', 'dashboard', 'sandbox'])(
  '%s ends well when its terminal is closed',
  async (name) => {
    const stage = await openStage({ env: { CONSOLE_PORT: '0', DASHBOARD_PORT: '0' } });
    const running = stage.process.start([name, ...(name === 'sandbox' ? ['--port', '0'] : [])]);
    await waitFor(() => /ready|http/.test(running.stdout + running.stderr));
    running.send('SIGHUP');
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  },
);

test('a run drains although its terminal takes nothing more', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 300 } });
  stage.write('people.csv', peopleCsv(40));
  const running = stage.process.start(['run', 'people.csv', '--batch', 'a']);
  await untilCreated(stage.sandbox, 2);
  running.hangUp('both');
  running.send('SIGHUP');
  expect(await running.ended).toMatchObject({ code: 130, signal: null });
  expect(await stage.redis.llen(`${stage.prefix}:create-user:active`)).toBe(0);
  const { created } = await stage.report('a');
  expect(created).toBe(createdOn(stage.sandbox).length);
});
