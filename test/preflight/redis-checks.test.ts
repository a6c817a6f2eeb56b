import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import { assess } from '../../src/preflight/assess.ts';
import { redisChecks } from '../../src/preflight/redis-checks.ts';
import { portalFacts, serverFacts } from './facts.ts';

const NOW = 1_000_000;
const MIB = 1024 ** 2;

const bad = (change: Parameters<typeof serverFacts>[0], rows = 0) =>
  redisChecks(serverFacts(change), { rows, now: NOW })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check }) => `${level} ${check}`);

test.each<[string, Parameters<typeof serverFacts>[0], string[]]>([
  ['as it should be', {}, []],
  ['too old', { version: '6.0.1' }, ['fault redis']],
  ['that evicts', { policy: 'allkeys-lru' }, ['fault redis']],
  ['that is a replica', { isReplica: true }, ['fault redis-role']],
  ['without a file', { appendOnly: false }, ['warning redis-persistence']],
  ['that writes when it likes', { appendFsync: 'no' }, ['warning redis-persistence']],
  ['that could not write', { failsToWrite: true }, ['fault redis-persistence']],
  ['with another clock', { clock: NOW + 120_000 }, ['warning redis-clock']],
  [
    'nearly full',
    { maxMemoryBytes: 100 * MIB, usedMemoryBytes: 80 * MIB },
    ['warning redis-memory'],
  ],
])('a Redis %s', (_, change, lines) => {
  expect(bad(change)).toEqual(lines);
});

test('a Redis that tells nothing of itself is a warning', () => {
  const { version, policy, appendOnly, usedMemoryBytes, clock, ...facts } = serverFacts();
  const checks = redisChecks(facts, { rows: 10, now: NOW });
  expect(checks.map(({ level, check }) => `${level} ${check}`)).toEqual([
    'warning redis',
    'warning redis-persistence',
    'warning redis-memory',
  ]);
});

test('the rows of the batch must fit: maxmemory refuses, a machine may swap', () => {
  const limited = { maxMemoryBytes: 200 * MIB, usedMemoryBytes: 100 * MIB };
  expect(bad(limited, 1000)).toEqual([]);
  expect(bad(limited, 50_000)).toEqual(['warning redis-memory']);
  expect(bad(limited, 100_000)).toEqual(['fault redis-memory']);
  const unlimited = { maxMemoryBytes: 0, systemMemoryBytes: 200 * MIB, usedMemoryBytes: 100 * MIB };
  expect(bad(unlimited, 100_000)).toEqual(['warning redis-memory']);
});

test('a Redis that cannot be opened is one fault with its own sentence', () => {
  const redis = new OnboardError('E_REDIS_UNREACHABLE', 'Nobody answers: start it.');
  const [first] = assess({ redis, portal: portalFacts(), now: NOW });
  expect(first).toMatchObject({ level: 'fault', check: 'redis', remedy: redis.message });
  const [later] = assess({ redis: 'to-be-started', portal: portalFacts(), now: NOW });
  expect(later).toMatchObject({ level: 'ok', check: 'redis' });
});
