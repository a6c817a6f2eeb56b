import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { createComplaints } from '../../src/redis/complaints.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

/** Complaints with a clock of the test, and the lines that they wrote. */
function complaining() {
  const lines: { msg: string; count?: number; refusal?: string; reason: string }[] = [];
  const logger = createLogger({
    level: 'warn',
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  });
  const clock = { now: 0 };
  const complaints = createComplaints({ logger, repeatMs: 30_000, now: () => clock.now });
  return { lines, clock, complaints };
}

test('a Redis that refuses 100,000 commands is one line in 30 s, with their number', () => {
  const { lines, clock, complaints } = complaining();
  for (let at = 0; at < 100_000; at += 1) {
    clock.now = Math.floor(at / 2);
    complaints.about(reply('NOAUTH Authentication required.'), 'worker connection');
  }
  expect(lines.map(({ msg, refusal, count }) => [msg, refusal, count])).toEqual([
    ['redis refuses to work', 'NOAUTH', 1],
    ['redis refuses to work', 'NOAUTH', 60_000],
  ]);
});

test('an answer that no list knows is logged in its own words, without those of a command', () => {
  const { lines, complaints } = complaining();
  const message = "ERR unknown command 'BZPOPMIN', with args beginning with: 'p0@example.com' '5' ";
  complaints.about(reply(message), 'queue connection');
  expect(lines).toMatchObject([
    { refusal: 'ERR', reason: "ERR unknown command 'BZPOPMIN'", msg: 'redis refuses to work' },
  ]);
});

test('the latest refusal is remembered for a minute, with its answer', () => {
  const { clock, complaints } = complaining();
  expect(complaints.latest()).toBeUndefined();
  clock.now = 1000;
  const refusal = reply('ERR max requests limit exceeded. Limit: 500000, Usage: 500000.');
  complaints.about(refusal, 'worker connection');
  expect(complaints.latest()).toBe(refusal);
  clock.now = 62_000;
  expect(complaints.latest()).toBeUndefined();
});
