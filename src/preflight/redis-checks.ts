import { grouped } from '../count.ts';
import { unfitnessOf } from '../redis/connection/check-server.ts';
import { NO_CLUSTER, remedyOf } from '../redis/connection/lost.ts';
import type { ServerFacts } from '../redis/connection/server-facts.ts';
import type { Refused } from '../redis/connection/trial.ts';
import { answerOf } from '../redis/trouble.ts';
import { type Check, clockCheck, fault, ok, unchecked, warning } from './check-result.ts';

/**
 * Bytes of a row, measured after submitting 20,000 short rows to Redis 7.0: its job (about 750,
 * removed when it completes) and the ledger's part. Hashes with values longer than
 * hash-max-listpack-value are not compact; a row's JSON is longer than Redis' default of 64.
 */
const ROW_BYTES = { tight: 1160, loose: 1680 };
/** A listpack value that suits jobs, and rows with short comments. */
const TIGHT_FROM = 512;

/** Share of the memory for data; Redis also rewrites its files, has buffers and other batches. */
const MEMORY_SHARE = 0.7;

/** Two would not see each other's people: the portal's own locks let both create one person. */
export const ONE_REDIS = 'all workers of this portal must use this one';

/** One line for each command that Redis refuses, or that all that is needed works. */
export function commandChecks(refused: readonly Refused[], { isCluster }: ServerFacts): Check[] {
  const check = 'redis-commands';
  const faults = refused.map(({ command, error }) => {
    const where = isCluster ? ' in cluster mode' : '';
    const what = `Redis refuses ${command}${where} (${answerOf(error)})`;
    return fault(check, what, isCluster ? NO_CLUSTER : remedyOf(error));
  });
  if (faults.length > 0) return isCluster ? faults.slice(0, 1) : faults;
  const works = ok(check, 'scripts, blocking reads and the list of clients work');
  if (!isCluster) return [works];
  const what = 'Redis is in cluster mode, and works only while this server has all the keys';
  return [works, warning(check, what, NO_CLUSTER)];
}

/**
 * Checks version, eviction, role, persistence, memory and clock of the server; a batch is about to
 * add `rows`, and `now` is this machine's clock when the facts were read, ms since the epoch.
 */
export function redisChecks(
  facts: ServerFacts,
  { rows, now }: { rows: number; now: number },
): Check[] {
  const checks = fitness(facts);
  if (facts.isReplica) {
    const what = 'the server is a replica and accepts no writes';
    checks.push(fault('redis-role', what, 'set REDIS_URL to the primary'));
  }
  checks.push(persistence(facts), memory(facts, rows));
  if (facts.clock !== undefined) {
    checks.push(clockCheck('redis-clock', "Redis'", facts.clock - now));
  }
  return checks;
}

function fitness(facts: ServerFacts): Check[] {
  const unfit = unfitnessOf(facts);
  if (unfit.length > 0) {
    return unfit.map(({ what, remedy }) => fault('redis', `Redis ${what}`, remedy));
  }
  const { version, policy, isValkey } = facts;
  const hidden: string[] = [];
  if (version === undefined) hidden.push('version');
  if (policy === undefined) hidden.push('maxmemory-policy');
  if (hidden.length === 0) {
    const server = isValkey ? 'Valkey' : `Redis ${version}`;
    return [ok('redis', `${server}, ${policy}; ${ONE_REDIS}`)];
  }
  const remedy = 'make sure that it is Redis 6.2 or newer with maxmemory-policy noeviction';
  return [unchecked('redis', `the server hides its ${hidden.join(' and ')}`, remedy)];
}

function persistence({ appendOnly, appendFsync, failsToWrite }: ServerFacts): Check {
  const check = 'redis-persistence';
  if (failsToWrite) {
    const what = 'the last write of the server to its files failed';
    return fault(check, what, "check the server's log; most often the disk is full");
  }
  if (appendOnly === undefined) {
    const what = 'the server hides whether it stores its data on disk';
    return unchecked(check, what, 'make sure that it has an append-only file (appendonly yes)');
  }
  const remedy = 'set appendonly yes and appendfsync everysec';
  if (!appendOnly) {
    const what = 'Redis loses batches at a restart, because it has no append-only file';
    return warning(check, what, remedy);
  }
  if (appendFsync === 'no') {
    const what =
      'the operating system decides when the append-only file is written (appendfsync no)';
    return warning(check, what, remedy);
  }
  return ok(check, `append-only file${appendFsync === undefined ? '' : `, ${appendFsync}`}`);
}

function memory(facts: ServerFacts, rows: number): Check {
  const check = 'redis-memory';
  const { usedMemoryBytes: used, maxMemoryBytes: limit, listpackValue = 0 } = facts;
  const needed = rows * (listpackValue >= TIGHT_FROM ? ROW_BYTES.tight : ROW_BYTES.loose);
  const room = limit || facts.systemMemoryBytes;
  if (used === undefined || room === undefined) {
    const remedy = `make sure that ${mebibytes(needed)} are free`;
    return unchecked(check, 'the server hides its memory', remedy);
  }
  const whose = room === limit ? 'maxmemory' : 'the memory of its machine';
  const batch = rows === 0 ? '' : ` and the batch needs about ${mebibytes(needed)}`;
  const what = `${mebibytes(used)} of ${mebibytes(room)} (${whose}) are used${batch}`;
  if (used + needed <= room * MEMORY_SHARE) return ok(check, what);
  const remedy =
    'give Redis more memory, submit the list in parts, or let workers remove old batches (ONBOARD_RETENTION_DAYS)';
  // Without maxmemory no write is refused; the machine may swap, or end the server.
  return room === limit && used + needed > room
    ? fault(check, `${what}: the memory would run out`, remedy)
    : warning(check, `${what}: more than ${MEMORY_SHARE * 100} %`, remedy);
}

/** 1,572,864 is `1.5 MiB`. */
function mebibytes(bytes: number): string {
  const value = bytes / 1024 / 1024;
  return `${value < 10 ? value.toFixed(1) : grouped(Math.round(value))} MiB`;
}
