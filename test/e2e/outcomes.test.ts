import { expect, test } from 'vitest';
import { createdOn, peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { startStricterPortal } from './stricter-portal.ts';

test('a person whom only the portal refuses fails, the others are invited, and the exit is 3', async () => {
  const stage = await openStage();
  const env = { DOCSPACE_URL: await startStricterPortal(stage.sandbox, 'p3@example.com') };
  stage.write('people.csv', peopleCsv(12));
  const ended = await stage.run(['run', 'people.csv', '--json'], { env });
  expect(ended.code).toBe(3);
  const report = JSON.parse(ended.stdout);
  expect(report).toMatchObject({ state: 'finished', created: 11, failed: 1, invited: 11 });
  const rows = await stage.run(['report', report.batchId, '--format', 'json'], { env });
  const failed = JSON.parse(rows.stdout).filter((row: { state: string }) => row.state === 'failed');
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({ email: 'p3@example.com', line: 5, portalId: '', attempts: 1 });
  expect(failed[0].code).not.toBe('');
  expect(failed[0].reason).not.toBe('');
  expect(stage.sandbox.state().acceptedInvites.map(({ emails }) => emails.length)).toEqual([11]);
});

test('nobody created means no invite', async () => {
  const existing = ['p0@example.com', 'P1@Example.com', 'p2@example.com'];
  const stage = await openStage({ sandbox: { existing } });
  stage.write('people.csv', peopleCsv(3));
  const ended = await stage.run(['run', 'people.csv', '--json']);
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ existing: 3, invited: 0, inviteRequests: 0 });
  const { acceptedInvites, refusedInvites } = stage.sandbox.state();
  expect([...acceptedInvites, ...refusedInvites]).toEqual([]);
});

test('a wrong key holds everything with exit 4; with the right one and --resume it continues', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(20));
  const wrong = `sk-${'0f'.repeat(32)}`;
  const env = { DOCSPACE_API_KEY: wrong };
  const refused = await stage.run(['run', 'people.csv'], { env });
  expect([refused.code, refused.stdout]).toEqual([4, '']);
  expect(refused.stderr).toMatch(/^E_PREFLIGHT: .*\n {2}The portal does not accept the API key/m);
  // A key may also expire later, without a check before.
  const held = await stage.run(['run', 'people.csv', '--no-check'], { env });
  expect(held.code).toBe(4);
  expect(held.stdout).toMatch(/20 accepted = 0 created .* 20 pending/);
  expect(held.stdout).toContain('held (key-rejected): ');
  expect(held.stdout).toMatch(/what to do: .*DOCSPACE_API_KEY/);
  expect(held.stdout + held.stderr).not.toContain(wrong);
  expect((await stage.run(['status'])).stdout).toMatch(/held: key-rejected/);
  const ended = await stage.run(['run', 'people.csv', '--json', '--resume']);
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ hold: null, created: 20, invited: 20 });
  const rows = await stage.run(['report', JSON.parse(ended.stdout).batchId, '--format', 'json']);
  const attempts = JSON.parse(rows.stdout).map((row: { attempts: number }) => row.attempts);
  expect(new Set(attempts)).toEqual(new Set([1]));
});

test('a list for one portal is never carried out on another', async () => {
  const [stage, other] = [await openStage(), await openStage()];
  const file = stage.write('people.csv', peopleCsv(3));
  expect((await stage.run(['submit', file, '--batch', 'mine'])).code).toBe(0);
  other.write('people.csv', peopleCsv(3, 10));
  const env = { ONBOARD_PREFIX: stage.prefix };
  const ended = await other.run(['run', 'people.csv'], { env });
  expect(ended.code).toBe(4);
  expect(ended.stdout).toContain('held (other-portal)');
  expect(createdOn(other.sandbox).filter((email) => /^p[0-2]@/.test(email))).toEqual([]);
});
