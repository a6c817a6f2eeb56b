import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { createdOn, peopleCsv, untilCreated } from '../support/people.ts';
import { startPair, startSentinel } from '../support/sentinel.ts';
import { clientOf } from '../support/space.ts';
import { openStage } from '../support/stage.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const portOf = (url: string) => Number(new URL(url).port);

test('the master is killed in the middle of a batch, and the batch finishes on what Sentinel makes of the replica', async () => {
  const { master } = await startPair();
  const sentinel = await startSentinel(master.url);
  const env = { REDIS_URL: `redis+sentinel://127.0.0.1:${sentinel}/people/0` };
  const stage = await openStage({ env, sandbox: { latencyMs: 40 } });
  const file = stage.write('people.csv', peopleCsv(200));
  expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = stage.start(['worker']);
  await untilCreated(stage.sandbox, 60);
  await master.kill();
  await waitFor(() => worker.stderr.includes('batch finished'));
  const { stdout } = await stage.run(['status', 'people', '--json']);
  const report = JSON.parse(stdout);
  // Replication is asynchronous: writes that the replica lacks are repeated, and an account whose
  // note was lost counts as existing. Nobody is lost and nobody is created twice.
  expect(report).toMatchObject({ state: 'finished', pending: 0, failed: 0, inviteRequests: 1 });
  expect(report.created + report.existing).toBe(200);
  const { acceptedInvites } = stage.sandbox.state();
  expect(createdOn(stage.sandbox)).toHaveLength(200);
  expect(acceptedInvites).toHaveLength(1);
  expect(acceptedInvites[0]?.emails).toHaveLength(report.created);
});

test('the address moves to another server, and the one before answers READONLY until it is left', async () => {
  const { master, replica } = await startPair();
  const proxy = await startProxy(portOf(master.url));
  const stage = await openStage({
    env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` },
    sandbox: { latencyMs: 40 },
  });
  const file = stage.write('people.csv', peopleCsv(200));
  expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = stage.start(['worker']);
  await untilCreated(stage.sandbox, 60);
  const [before, after] = [clientOf(master.url), clientOf(replica.url)];
  // A planned failover: writes stop, the replica catches up, then the address moves. Open
  // connections stay and lead to a replica from now on.
  await before.call('FAILOVER');
  await waitFor(async () => (await after.role())[0] === 'master');
  proxy.target = portOf(replica.url);
  await waitFor(() => worker.stderr.includes('batch finished'));
  expectEverybodyOnce(stage.sandbox, 200);
  const { stdout } = await stage.run(['status', 'people', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ created: 200, invited: 200, inviteRequests: 1 });
});
