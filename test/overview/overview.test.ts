import { expect, test } from 'vitest';
import { closeIntake } from '../../src/ledger/batch/batches.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { type Overview, readOverview } from '../../src/overview/overview.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { fill } from '../ledger/fill.ts';
import { silent } from '../support/batches.ts';
import { people } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { redisSpace } from '../support/space.ts';

const PEOPLE = 600;
const WORKERS = 10;

/** A batch, one connection that reads it and one that settles its rows. */
async function opened() {
  const { redis, prefix } = redisSpace();
  const [reader, queueing] = [redis.duplicate(), redis.duplicate()];
  const queues = openQueues({ redis: queueing, prefix, logger: silent });
  onRelease(async () => {
    await queues.close();
    reader.disconnect();
    queueing.disconnect();
  });
  const settling = openLedger(redis, prefix);
  await fill(settling, 'b1', people(PEOPLE));
  await closeIntake(settling, 'b1');
  let row = 0;
  const settleNext = async () => {
    const code = ['timeout', 'bad-request', undefined][row % 3];
    const ref = { batch: 'b1', round: 1, row: row++ };
    const end = ref.row % 4 === 3 ? 'created' : 'failed';
    await settleRow(settling, ref, { state: end, outcome: { code, reason: 'r' } });
  };
  return { ledger: openLedger(reader, prefix), queues, settleNext };
}

function sums({ report, causes }: Overview) {
  const { pending, created, existing, failed, cancelled } = report;
  const ofCauses = causes.reduce((sum, { count }) => sum + count, 0);
  return [pending + created + existing + failed + cancelled - report.accepted, ofCauses - failed];
}

test('the reasons add up to the failed people while rows fail between two commands', async () => {
  const { ledger, queues, settleNext } = await opened();
  const send = ledger.redis.sendCommand.bind(ledger.redis);
  let before = Promise.resolve();
  ledger.redis.sendCommand = async (...command: Parameters<typeof send>) => {
    before = before.then(settleNext);
    await before;
    return send(...command);
  };
  for (let read = 0; read < 5; read += 1) {
    const overview = await readOverview({ ledger, queues }, 'b1', Date.now());
    expect([overview.report.accepted, ...sums(overview)]).toEqual([PEOPLE, 0, 0]);
    expect(overview.report.failed).toBeGreaterThan(read);
  }
});

test('every read of a batch adds up while its rows settle in parallel', async () => {
  const { ledger, queues, settleNext } = await opened();
  const settleShare = async () => {
    for (let left = PEOPLE / WORKERS; left > 0; left -= 1) await settleNext();
  };
  const settling = Promise.all(Array.from({ length: WORKERS }, settleShare));
  let overview: Overview;
  do {
    overview = await readOverview({ ledger, queues }, 'b1', Date.now());
    expect([overview.report.accepted, ...sums(overview)]).toEqual([PEOPLE, 0, 0]);
  } while (overview.report.pending > 0);
  await settling;
  expect(overview.causes.map(({ code, count }) => [code, count])).toEqual([
    ['bad-request', 150],
    ['timeout', 150],
    ['unknown', 150],
  ]);
  expect(overview.causes[0]?.example).toMatchObject({ email: 'p1@example.com', reason: 'r' });
});
