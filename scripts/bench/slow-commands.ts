// The longest command that Redis gets from each way of reading and changing 1,000,000 rows, by
// SLOWLOG. A part of `npm run bench:million`.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { cancel } from '../../src/batch/cancel-rows.ts';
import { enqueue } from '../../src/batch/enqueue.ts';
import { retry } from '../../src/batch/new-round.ts';
import { type Producer, withLock } from '../../src/batch/producer.ts';
import { reconcile } from '../../src/batch/reconcile.ts';
import { purge } from '../../src/batch/remove-batch.ts';
import { repair } from '../../src/batch/repair.ts';
import { pause, resume } from '../../src/batch/stop-queues.ts';
import { closeIntake, readBatch } from '../../src/ledger/batch/batches.ts';
import { reportOf } from '../../src/ledger/batch/numbers.ts';
import { chooseInvitees, inviteesIn } from '../../src/ledger/invites/invitees.ts';
import { noteInviteAccepted } from '../../src/ledger/invites/invites.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { personRows } from '../../src/ledger/rows/person-rows.ts';
import { readBatchPage } from '../../src/overview/batch-pages.ts';
import { readBatchView, readFront } from '../../src/overview/batch-view.ts';
import { countFor } from '../../src/overview/confirmations.ts';
import { downloadRows } from '../../src/overview/download-rows.ts';
import { readJob, readQueueFacts } from '../../src/overview/queue-facts.ts';
import { type RowFilter, readRowPage } from '../../src/overview/row-page.ts';
import { readRowStory } from '../../src/overview/row-story.ts';
import { createLogger } from '../../src/process/logger.ts';
import { childId } from '../../src/queue/job-id.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { timings } from '../../src/timings.ts';
import { bareCommands, preferRedis } from './bare-commands.ts';
import { addressOf, recordAll, settleAll } from './fill-ledger.ts';
import { runNode } from './processes.ts';
import { script } from './watching.ts';

/** Longest time that a command may take outside of submitting and purging, ms. */
export const MOST_MS = 10;

export interface Slowest {
  what: string;
  /** Exempt: a baseline; other work has no reason to wait; or the batch is gone. */
  isExempt: boolean;
  /** The longest command, with the end of its first key. */
  command: string;
  ms: number;
  /** Number of commands that took longer than the aim. */
  above: number;
}

interface About {
  url: string;
  prefix: string;
  batch: string;
  rows: number;
}

type Part = readonly [what: string, run: () => Promise<unknown>, exempt?: 'exempt'];

/**
 * Runs everything that people, the console and the workers do with a batch that is over (`about`),
 * and with another of the same size whose jobs wait, in the order of a batch's life.
 */
export async function slowCommands(redis: Redis, about: About): Promise<Slowest[]> {
  const ledger = openLedger(redis, about.prefix);
  const own = redis.duplicate();
  const producer = producerOf(own, about.prefix, ledger);
  const waiting = { ...about, batch: `${about.batch}-2` };
  const found: Slowest[] = [];
  await preferRedis(redis);
  try {
    const work = [...reads(producer, about), ...life(producer, waiting)];
    for (const part of [...work, ...baselines(own, about)]) {
      found.push(await measured(redis, part));
    }
  } finally {
    await producer.queues.close();
    own.disconnect();
  }
  return found;
}

function producerOf(redis: Redis, prefix: string, ledger: Ledger): Producer {
  const logger = createLogger({ level: 'silent' });
  const queues = openQueues({ redis, prefix, logger });
  const signal = new AbortController().signal;
  return { ledger, queues, logger, attempts: 8, token: randomUUID(), signal, timings };
}

/** Questions of the command line, the console and notifications. */
function reads({ ledger, queues }: Producer, { batch, rows }: About): Part[] {
  const readable = { ledger, queues };
  const now = Date.now();
  const page = (filter: RowFilter, from: number) =>
    readRowPage(readable, batch, { filter, from, size: 50 });
  const filters: RowFilter[] = [{}, { state: 'failed' }, { state: 'created', mark: 'unmailed' }];
  return [
    ['status BATCH, page of a batch', () => readBatchView(readable, batch, now)],
    [
      'status, front page, list of batches',
      async () => {
        await readFront(readable, now);
        await readBatchPage(ledger, { state: 'finished', now });
      },
    ],
    ['numbers of a notification', () => reportOf(ledger, batch, now)],
    ['find EMAIL', () => all(personRows(ledger, addressOf(batch, rows / 2), () => undefined))],
    [
      'pages of rows, by state, code and mark',
      async () => {
        for (const filter of [...filters, { state: 'failed', code: 'bad-request' } as const]) {
          for (const from of [0, rows / 2, rows - 50]) await page(filter, from);
        }
      },
    ],
    ['one row', () => readRowStory(readable, batch, rows / 2)],
    [
      'report, whole',
      async () => all(await downloadRows(readable, batch, { kind: 'report', format: 'csv' })),
    ],
    [
      'report --failed, whole',
      async () => all(await downloadRows(readable, batch, { kind: 'failed', format: 'csv' })),
    ],
    [
      'numbers to confirm',
      async () => {
        for (const action of ['retry', 'continue', 'invite', 'cancel', 'purge'] as const) {
          await countFor(readable, batch, action);
        }
      },
    ],
  ];
}

/** Commands that others wrote, or that take Redis a few µs: the machine adds the rest of their time. */
function baselines(redis: Redis, about: About): Part[] {
  const bulk = async () => {
    const { code, stderr } = await runNode(
      [script('bare-bulk.js'), about.url, String(about.rows)],
      {},
    );
    if (code !== 0) throw new Error(stderr);
  };
  return [
    ['baseline: bare HGET and SET', () => bareCommands(redis, about), 'exempt'],
    ['baseline: addBulk of 1,000,000 jobs', bulk, 'exempt'],
  ];
}

/** A batch from its submission to its purge; `cancel` and `retry` change every row. */
function life(producer: Producer, about: About): Part[] {
  const { ledger, queues } = producer;
  const { batch, rows } = about;
  const readable = { ledger, queues };
  const now = Date.now();
  const inspection = { budget: { left: 10_000 }, remembers: true };
  return [
    [
      'submit',
      async () => {
        await recordAll(ledger, about);
        await closeIntake(ledger, batch);
        await withLock(producer, batch, async () =>
          enqueue(producer, await readBatch(ledger, batch)),
        );
      },
      'exempt',
    ],
    ['status BATCH while 1,000,000 jobs wait', () => readBatchView(readable, batch, now)],
    [
      'queues and jobs',
      async () => {
        await readQueueFacts(readable);
        for (const row of [0, rows / 2, rows - 1]) {
          await readJob(readable, 'create-user', childId({ batch, round: 1, row }));
        }
      },
    ],
    [
      'pause and resume',
      async () => {
        await pause(producer, { by: 'bench', now });
        await resume(producer);
      },
    ],
    [
      'keeper run',
      async () => {
        for (let run = 0; run < 3; run += 1)
          await repair(producer, batch, { ...inspection, budget: { left: 10_000 } });
      },
    ],
    ['reconcile', async () => reconcile(producer, await readBatch(ledger, batch))],
    ['cancel of 1,000,000 rows', () => cancel(producer, batch, { invite: true })],
    ['retry of 1,000,000 rows', () => retry(producer, batch)],
    ['settle 1,000,000 rows', () => settleAll(ledger, { ...about, round: 2 })],
    [
      'invite',
      async () => {
        const opened = await readBatch(ledger, batch);
        const { rows } = await chooseInvitees(ledger, { ...opened, inviteSize: 0 });
        await all(inviteesIn(ledger, batch, rows));
        await noteInviteAccepted(ledger, batch, rows);
      },
    ],
    ['purge', () => purge(producer, batch, { what: 'people', now }), 'exempt'],
  ];
}

async function all(list: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of list);
}

/** Runs a part and asks for the longest of all commands that took 1 ms or more. */
async function measured(redis: Redis, [what, run, exempt]: Part): Promise<Slowest> {
  await redis.config('SET', 'slowlog-log-slower-than', '1000');
  await redis.config('SET', 'slowlog-max-len', '100000');
  await redis.slowlog('RESET');
  const started = performance.now();
  await run();
  await redis.config('SET', 'slowlog-log-slower-than', '-1');
  const entries = (await redis.slowlog('GET', -1)) as [number, number, number, string[]][];
  // To forget what the log had is a command of this bench, and takes its time.
  const commands = entries.filter(([, , , [name = '']]) => !/^slowlog$/i.test(name));
  const [longest] = commands.sort((left, right) => right[2] - left[2]);
  const above = commands.filter(([, , us]) => us > MOST_MS * 1000).length;
  const [name = '', ...words] = longest?.[3] ?? [];
  const key = /^eval/i.test(name) ? `${words[0]?.slice(0, 8)} ${words[2]}` : words[0];
  console.error(`${what}: ${Math.round((performance.now() - started) / 1000)} s`);
  const command = longest === undefined ? 'none of 1 ms' : `${name} ${key}`;
  return { what, isExempt: exempt !== undefined, command, ms: (longest?.[2] ?? 0) / 1000, above };
}
