import type { Batch } from '../../ledger/batch/batches.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { markedRows, markRows, noteRole } from '../../ledger/rows/marks.ts';
import { decodeInput, decodeOutcome, personOf } from '../../ledger/rows/row-codec.ts';
import { readTexts, remark } from '../../ledger/rows/rows.ts';
import type { Person } from '../../people/person.ts';
import { otherRole, wantedRole } from '../../portal/compare-account.ts';
import type { Verdict } from '../../portal/verdict.ts';
import type { Account } from '../../portal/wire.ts';
import type { Attempt, WorkerDeps } from '../deps.ts';
import { type Outcome, putBack, snooze } from '../outcome.ts';
import { isOutage, portalOutcome } from '../pressure/portal-outcome.ts';

/**
 * Accounts of one mail request. The portal allows 5 such requests in 15 minutes (P-LIMIT-02), and
 * takes up to 45 ms for each mail (P-INVITE-09): 500 stay well below the 60 s of its proxy.
 */
const MAILED_TOGETHER = 500;

/**
 * Looks again at accounts whose creation may have broken off, and has those mailed whose mail may be
 * missing: one request a start. Undefined when none is left.
 */
export async function mendAccounts(
  deps: WorkerDeps,
  batch: Batch,
  attempt: Attempt,
): Promise<Outcome | undefined> {
  const [row] = await markedRows(deps.ledger, batch.id, 'half-made', 1);
  if (row !== undefined) return lookAgain(deps, { batch: batch.id, row });
  const rows = await markedRows(deps.ledger, batch.id, 'to-mail', MAILED_TOGETHER);
  return rows.length === 0 ? undefined : mail(deps, { batch: batch.id, rows }, attempt);
}

interface RowOfBatch {
  batch: string;
  row: number;
}

/** An account without its group may get it a moment later: then its creation continued. */
async function lookAgain(deps: WorkerDeps, at: RowOfBatch): Promise<Outcome> {
  const { ledger, portal, pressure } = deps;
  const { person, portalId } = await readAccount(ledger, at);
  if (person === undefined) return settle(deps, at, { isWhole: false });
  const verdict = await portal.findByEmail(person.email);
  await pressure.heard(verdict);
  switch (verdict.kind) {
    case 'ok': {
      if (verdict.value.id !== portalId) return gone(deps, at);
      await noteRole(ledger, at, { role: otherRole(person.type, verdict.value) });
      return settle(deps, at, { isWhole: isWhole(person, verdict.value) });
    }
    case 'absent':
      return gone(deps, at);
    case 'unknown':
    case 'conflict':
    case 'refused': {
      const again = await askAgain(deps, at.batch, verdict);
      return again ?? settle(deps, at, { isWhole: false });
    }
    case 'rate-limited':
    case 'unreachable':
    case 'stopped':
      return portalOutcome(verdict);
  }
}

/** A RoomAdmin has no group, so that one without a mail looks like any other. */
function isWhole(person: Person, account: Account): boolean {
  return otherRole(person.type, account) === undefined && wantedRole(person.type) !== 'RoomAdmin';
}

async function readAccount(ledger: Ledger, { batch, row }: RowOfBatch) {
  const { input, outcome } = await readTexts(ledger, batch, row);
  const read = personOf(decodeInput(input));
  const { portalId } = decodeOutcome(outcome);
  return { person: 'person' in read ? read.person : undefined, portalId };
}

async function settle(
  { ledger }: WorkerDeps,
  { batch, row }: RowOfBatch,
  { isWhole }: { isWhole: boolean },
): Promise<Outcome> {
  await ledger.redis.hdel(ledger.keys.record(batch), TRIES);
  await markRows(ledger, batch, {
    rows: [row],
    set: isWhole ? [] : ['to-mail'],
    clear: ['half-made'],
  });
  return snooze();
}

async function gone({ ledger }: WorkerDeps, { batch, row }: RowOfBatch): Promise<Outcome> {
  const warning = 'The account is no longer on the portal.';
  await remark(ledger, { batch, row }, warning);
  await markRows(ledger, batch, { rows: [row], clear: ['half-made'] });
  return snooze();
}

interface Rows {
  batch: string;
  rows: readonly number[];
}

/** A mail that fails must not keep the others from their invite: it stays listed. */
async function mail(deps: WorkerDeps, { batch, rows }: Rows, attempt: Attempt): Promise<Outcome> {
  const { ledger, portal, pressure } = deps;
  const accounts = await Promise.all(rows.map((row) => readAccount(ledger, { batch, row })));
  const ids = accounts.flatMap(({ portalId }) => portalId ?? []);
  const verdict = await portal.resend(ids);
  await pressure.heard(verdict);
  switch (verdict.kind) {
    case 'ok':
      await ledger.redis.hdel(ledger.keys.record(batch), TRIES);
      await markRows(ledger, batch, { rows, clear: ['to-mail'] });
      return snooze();
    case 'rate-limited':
    case 'unreachable':
    case 'stopped':
      return portalOutcome(verdict);
    case 'absent':
    case 'conflict':
    case 'refused':
    case 'unknown': {
      const again = await askAgain(deps, batch, verdict);
      if (again !== undefined) return again;
      attempt.logger.warn({ accounts: rows.length, code: codeOf(verdict) }, 'not mailed again');
      await markRows(ledger, batch, { rows, set: ['unmailed'], clear: ['to-mail'] });
      return snooze();
    }
  }
}

/** Field of the record: answers in a row that left a request open. */
const TRIES = 'mendTries';

/**
 * The outcome after an answer that leaves the request open; undefined when it was asked often enough.
 * The invite needs the attempts of its job for itself.
 */
async function askAgain(
  { ledger, attempts, pressure }: WorkerDeps,
  batch: string,
  verdict: Verdict<unknown>,
): Promise<Outcome | undefined> {
  const record = ledger.keys.record(batch);
  if (verdict.kind === 'unknown' || verdict.kind === 'conflict') {
    if (isOutage(verdict.code)) return putBack({ kind: 'outage', code: verdict.code });
    const tries = await ledger.redis.hincrby(record, TRIES, 1);
    if (tries < attempts) return snooze(pressure.backoffMs(tries));
  }
  await ledger.redis.hdel(record, TRIES);
  return undefined;
}

function codeOf(verdict: Verdict<unknown>): string {
  return 'code' in verdict ? verdict.code : verdict.kind;
}
