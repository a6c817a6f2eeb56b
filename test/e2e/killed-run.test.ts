import { expect, test } from 'vitest';
import { openScene, peopleCsv, untilCreated } from '../support/cli.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 300;
/** The locks of a killed worker's jobs end after 15 s and are looked for every 5 s. */
const TIMEOUT_MS = 60_000;

test(
  'rules 1 to 3: a run killed with SIGKILL in mid-batch is finished by the same command',
  async () => {
    const scene = await openScene({ redis: 'private', sandbox: { latencyMs: 40 } });
    await scene.write('people.csv', peopleCsv(PEOPLE));
    const first = scene.start(['run', 'people.csv']);
    await untilCreated(scene.sandbox, 80);
    first.send('SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    expect(scene.sandbox.state().acceptedInvites).toEqual([]);
    const second = await scene.run(['run', 'people.csv', '--json']);
    expect(second.code).toBe(0);
    expectEverybodyOnce(scene.sandbox, PEOPLE);
    const counts = { accepted: PEOPLE, created: PEOPLE, existing: 0, failed: 0, invited: PEOPLE };
    expect(JSON.parse(second.stdout)).toMatchObject({ ...counts, inviteRequests: 1 });
  },
  TIMEOUT_MS,
);
