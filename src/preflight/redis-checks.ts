import { unfitnessOf } from '../redis/connection/check-server.ts';
import type { ServerFacts } from '../redis/connection/server-facts.ts';
import { type Check, fault, ok, unchecked, warning } from './check-result.ts';
import { clockCheck } from './clock-checks.ts';
import { mebibytes } from './words.ts';

/**
 * Bytes of a row, measured after submitting 20,000 short rows to Redis 7.0: its job (about 750,
 * removed when it completes) and the ledger's part. Hashes with values longer than hash-max-
 * listpack-value are not compact; a row's JSON is longer than Redis' default of 64.
 */
const ROW_BYTES = { tight: 1160, loose: 1680 };
/** A listpack value that suits jobs, and rows with short comments. */
const TIGHT_FROM = 512;

/** Share of the memory for data; Redis also rewrites its files, has buffers and other batches. */
const MEMORY_SHARE = 0.7;

/** Context of the checks: `rows` is the number that a batch is about to add. */
export interface RedisQuestion {
  rows: number;
  /** This machine's clock when the facts were read, ms since the epoch. */
  now: number;
}

/** Checks version, eviction, role, persistence, memory and clock of the server. */
export function redisChecks(facts: ServerFacts, question: RedisQuestion): Check[] {
  const checks = [...fitness(facts), ...role(facts), persistence(facts)];
  checks.push(memory(facts, question.rows));
  if (facts.clock !== undefined) {
    checks.push(clockCheck('redis-clock', "Redis'", facts.clock - question.now));
  }
  return checks;
}

function fitness(facts: ServerFacts): Check[] {
  const unfit = unfitnessOf(facts);
  if (unfit.length > 0) {
    return unfit.map(({ what, remedy }) => fault('redis', `Redis ${what}`, remedy));
  }
  const { version, policy, isValkey } = facts;
  const unknown = [version === undefined && 'version', policy === undefined && 'maxmemory-policy'];
  const missing = unknown.filter((name) => name !== false).join(' and ');
  if (missing === '')
    return [ok('redis', `${isValkey ? 'Valkey' : `Redis ${version}`}, ${policy}`)];
  const remedy = 'make sure that it is Redis 6.2 or newer with maxmemory-policy noeviction';
  return [unchecked('redis', `the server hides its ${missing}`, remedy)];
}

function role(facts: ServerFacts): Check[] {
  if (!facts.isReplica) return [];
  const remedy = 'set REDIS_URL to the primary';
  return [fault('redis-role', 'the server is a replica and accepts no writes', remedy)];
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
    return warning(
      check,
      'Redis loses batches at a restart, because it has no append-only file',
      remedy,
    );
  }
  if (appendFsync === 'no') {
    const what =
      'the operating system decides when the append-only file is written (appendfsync no)';
    return warning(check, what, remedy);
  }
  return ok(check, `append-only file${appendFsync === undefined ? '' : `, ${appendFsync}`}`);
}

/** Bytes of this number of rows on this server. */
function bytesFor(rows: number, { listpackValue }: ServerFacts): number {
  const isTight = (listpackValue ?? 0) >= TIGHT_FROM;
  return rows * (isTight ? ROW_BYTES.tight : ROW_BYTES.loose);
}

function memory(facts: ServerFacts, rows: number): Check {
  const check = 'redis-memory';
  const { usedMemoryBytes: used, maxMemoryBytes: limit, systemMemoryBytes } = facts;
  const room = limit === undefined || limit === 0 ? systemMemoryBytes : limit;
  if (used === undefined || room === undefined) {
    const what = 'the server hides its memory';
    return unchecked(check, what, `make sure that ${mebibytes(bytesFor(rows, facts))} are free`);
  }
  const needed = bytesFor(rows, facts);
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
