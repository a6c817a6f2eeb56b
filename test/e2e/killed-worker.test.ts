import { expect, test } from 'vitest';
import type { Report } from '../../src/ledger/report.ts';
import { openScene, peopleCsv, untilCreated } from '../support/cli.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 300;
/** The locks of a killed worker's jobs end after 15 s and are looked for every 5 s. */
const TIMEOUT_MS = 60_000;

test(
  'rules 1 to 3: one of two workers is killed with SIGKILL and the other finishes the batch',
  async () => {
    const scene = await openScene({ sandbox: { latencyMs: 40 } });
    const file = await scene.write('people.csv', peopleCsv(PEOPLE));
    const victim = scene.start(['worker'], { env: { LOG_LEVEL: 'debug' } });
    await waitFor(() => victim.stderr.includes('worker ready'));
    const survivor = scene.start(['worker']);
    await waitFor(() => survivor.stderr.includes('worker ready'));
    expect((await scene.run(['submit', file, '--batch', 'killed'])).code).toBe(0);
    await untilCreated(scene.sandbox, 80);
    expect(victim.stderr).toContain('"result":"created"');
    victim.send('SIGKILL');
    await waitFor(() => survivor.stderr.includes('batch finished'), { timeoutMs: 45_000 });
    const { stdout } = await scene.run(['status', 'killed', '--json']);
    const report: Report = JSON.parse(stdout);
    expect(report).toMatchObject({
      state: 'finished',
      created: PEOPLE,
      invited: PEOPLE,
      failed: 0,
    });
    expectEverybodyOnce(scene.sandbox, PEOPLE);
  },
  TIMEOUT_MS,
);
