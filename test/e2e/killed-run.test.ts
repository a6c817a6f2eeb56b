import { expect, test } from 'vitest';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 300;
test('a run killed with SIGKILL in mid-batch is finished by the same command', async () => {
  const stage = await openStage({ redis: 'private', sandbox: { latencyMs: 40 } });
  stage.write('people.csv', peopleCsv(PEOPLE));
  const first = stage.process.start(['run', 'people.csv']);
  await untilCreated(stage.sandbox, 80);
  first.send('SIGKILL');
  expect((await first.ended).signal).toBe('SIGKILL');
  expect(stage.sandbox.state().acceptedInvites).toEqual([]);
  const second = await stage.run(['run', 'people.csv', '--json']);
  expect(second.code).toBe(0);
  expectEverybodyOnce(stage.sandbox, PEOPLE);
  const counts = { accepted: PEOPLE, created: PEOPLE, existing: 0, failed: 0, invited: PEOPLE };
  expect(JSON.parse(second.stdout)).toMatchObject({ ...counts, inviteRequests: 1 });
});
