import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { freePort } from '../support/ports.ts';
import { openStage, TEST_KEY } from '../support/stage.ts';

test('check tells line by line what is fit, and leaves nothing behind', async () => {
  const stage = await openStage({ redis: 'private' });
  const { code, stdout, stderr } = await stage.run(['check']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^ok {7}run starts a private Redis in the data directory; all workers .* must use this one$/m,
  );
  expect(stdout).toMatch(/^ok {7}DocSpace \d+\.\d+/m);
  expect(stdout).toMatch(/^ok {7}the key's owner is the portal's owner$/m);
  expect(await readdir(stage.dir)).toEqual([]);
});

test('check of files holds their needs against portal and Redis; a fault is exit 4', async () => {
  const stage = await openStage({ sandbox: { limits: { adminSeats: 2 } } });
  stage.write('people.csv', peopleCsv(5));
  const ends = await Promise.all([
    stage.run(['check', 'people.csv', '--json']),
    stage.run(['check', 'people.csv', '--type', 'RoomAdmin']),
    stage.run(['check', 'people.csv', '--invite-type', 'RoomAdmin']),
    stage.run(['check', 'absent.csv']),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 4, 1]);
  const checks = JSON.parse(ends[0]?.stdout ?? '');
  expect(checks).toContainEqual(expect.objectContaining({ check: 'redis-memory', level: 'ok' }));
  expect(ends[1]?.stdout).toMatch(/^warning {2}1 of 2 paid seats are used, and the batch needs 5/m);
  expect(ends[2]?.stdout).toMatch(/^fault {4}1 of 2 paid seats are used, and the invite makes/m);
  expect(ends[2]?.stdout).toMatch(/what to do: use another --invite-type/);
  expect(ends[3]?.stderr).toMatch(/^E_FILE_/);
});

test('facts that a key may not read are reported by check, and not again with every submission', async () => {
  const narrow = { key: TEST_KEY, permissions: ['accounts:write'] };
  const stage = await openStage({ sandbox: { keys: [narrow] } });
  stage.write('people.csv', peopleCsv(2));
  const [checked, submitted] = [
    await stage.run(['check', '--json']),
    await stage.run(['submit', 'people.csv']),
  ];
  const unchecked = JSON.parse(checked.stdout).filter((one: object) => 'unchecked' in one);
  expect(unchecked).toMatchObject([
    { check: 'owner', level: 'warning' },
    { check: 'portal-settings', level: 'warning' },
  ]);
  expect(submitted).toMatchObject({ code: 0 });
  expect(submitted.stderr).not.toContain('may not read');
});

test('whatever cannot be reached is a line with a remedy, never an error', async () => {
  const stage = await openStage({ timings: { redisFirstConnectMs: 1500 } });
  const away = `http://127.0.0.1:${await freePort()}`;
  const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
  const own = await openStage({ redis: 'private' });
  const without = await own.process.run(['check'], { env: { PATH: own.dir } });
  expect([without.code, without.stderr]).toEqual([4, '']);
  expect(without.stdout).toMatch(/^fault {4}Redis cannot be used \(E_REDIS_MISSING\)$/m);
  const [portal, redis, key, none] = await Promise.all([
    stage.run(['check'], { env: { DOCSPACE_URL: away } }),
    stage.run(['check'], { env: { REDIS_URL } }),
    stage.run(['check'], { env: { DOCSPACE_API_KEY: `sk-${'0'.repeat(64)}` } }),
    stage.run(['check'], { env: { DOCSPACE_API_KEY: '' } }),
  ]);
  expect([portal.code, redis.code, key.code, none.code]).toEqual([4, 4, 4, 0]);
  expect(portal.stdout).toMatch(/^fault .*\n +what to do: check DOCSPACE_URL/m);
  expect(redis.stdout).toMatch(/^fault {4}Redis cannot be used \(E_REDIS_UNREACHABLE\)$/m);
  expect(key.stdout).toMatch(/^fault {4}The portal does not accept the API key/m);
  expect(none.stdout).toMatch(/^warning {2}without a key/m);
  expect([portal, redis, key, none].map(({ stderr }) => stderr).join('')).toBe('');
});

test('a submission that would be held is refused before anything is written', async () => {
  const stage = await openStage({ sandbox: { limits: { adminSeats: 2 } } });
  stage.write('people.csv', peopleCsv(5));
  const flags = ['people.csv', '--invite-type', 'RoomAdmin'];
  const ends = [await stage.run(['submit', ...flags]), await stage.run(['run', ...flags])];
  for (const { code, stdout, stderr } of ends) {
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(
      /^E_PREFLIGHT: nothing was submitted:\n {2}1 of 2 paid seats .*--invite-type\n/m,
    );
  }
  expect((await stage.run(['status', '--json'])).stdout).toBe('[]\n');
  const all = await stage.run(['submit', ...flags, '--no-check']);
  expect([all.code, all.stderr]).toEqual([0, '5 accepted, 0 rejected, 0 duplicates\n']);
  // A batch that exists continues; its faults are reported anyway.
  const again = await stage.run(['submit', ...flags]);
  expect(again.code).toBe(0);
  expect(again.stderr).toMatch(
    /^warning: 1 of 2 paid seats .*\nsubmitted before: nothing was added\n$/m,
  );
});

test('check warns of the variable that disables the checks of certificates', async () => {
  const stage = await openStage();
  const run = async (value: string) => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: value };
    return (await stage.run(['check'], { env })).stdout;
  };
  expect(await run('0')).toMatch(
    /^warning {2}NODE_TLS_REJECT_UNAUTHORIZED=0 is set.*\n +what to do: unset it.*NODE_EXTRA_CA_CERTS/m,
  );
  expect(await run('1')).not.toContain('NODE_TLS');
});
