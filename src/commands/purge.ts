import { checkPurgeable, purge, type Removal, type Removed } from '../batch/purge.ts';
import type { Producer } from '../batch/submit.ts';
import { OnboardError } from '../errors.ts';
import { logged } from '../ledger/log.ts';
import { overBefore, readKept } from '../ledger/retention.ts';
import { confirm } from './change.ts';
import { actorOf, type Context, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { openStore, producerOf } from './open.ts';

export interface PurgeFlags {
  olderThan?: string;
  people?: boolean;
  yes?: boolean;
  json?: boolean;
}

interface Skipped {
  batchId: string;
  code: string;
  reason: string;
}

/**
 * `onboard purge BATCH` or `--older-than TIME`: removes batches that are over, or only their names and
 * e-mails, after saying what that means.
 */
export function purgeCommand(
  io: Io,
  batch: string | undefined,
  flags: PurgeFlags,
): Promise<number> {
  const olderMs = checkedAge(batch, flags.olderThan);
  const what: Removal = flags.people ? 'people' : 'batch';
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const producer = producerOf(context, await openStore(context, 'guest'));
    if (batch !== undefined) await checkPurgeable(producer, batch);
    const before = Date.now() - olderMs;
    const ids = batch === undefined ? await dueBatches(producer, what, before) : [batch];
    if (ids.length > 0) await confirm(io, questionOf(ids, what), flags.yes);
    const isOne = batch !== undefined;
    const { removed, skipped } = await purgeEach(context, producer, { ids, what, isOne });
    if (flags.json) io.stdout.write(`${JSON.stringify({ removed, skipped })}\n`);
    else io.stdout.write(removed.length === 0 ? 'nothing to purge\n' : removedText(removed));
    for (const { code, reason } of skipped) io.stderr.write(`left: ${code}: ${reason}\n`);
    return skipped.length > 0 ? exit.someFailed : exit.ok;
  });
}

/** One of the two must say what to purge; ms. */
function checkedAge(batch: string | undefined, olderThan: string | undefined): number {
  if ((batch === undefined) === (olderThan === undefined)) {
    throw new OnboardError('E_USAGE', 'name either a batch or --older-than, as 30d');
  }
  return olderThan === undefined ? 0 : ageOf(olderThan);
}

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
  h: HOUR_MS,
  d: 24 * HOUR_MS,
  w: 7 * 24 * HOUR_MS,
};

/**
 * `12h`, `30d` or `4w` in ms.
 * @throws {OnboardError} E_USAGE
 */
export function ageOf(text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text.trim()) ?? [];
  const unitMs = UNITS[unit];
  if (unitMs !== undefined) return Number(count) * unitMs;
  throw new OnboardError(
    'E_USAGE',
    `--older-than ${text}: give a number and h, d or w (hours, days, weeks), as 30d`,
  );
}

async function dueBatches({ ledger }: Producer, what: Removal, before: number): Promise<string[]> {
  const ids = await overBefore(ledger, before);
  if (what === 'batch') return ids;
  const batches = await Promise.all(ids.map((id) => readKept(ledger, id)));
  return ids.filter((_, index) => batches[index]?.peopleRemoved === false);
}

/** Most batches that a question names. */
const NAMED = 10;

function questionOf(ids: readonly string[], what: Removal): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  const named = `${ids.length === 1 ? 'batch' : `${ids.length} batches`} ${ids.slice(0, NAMED).join(', ')}${more}`;
  return what === 'batch'
    ? `Remove ${named} for good? The report goes with it; accounts on the portal stay.`
    : `Remove names and e-mails of ${named} for good? The numbers stay; nobody can be retried or invited late.`;
}

/** Of several, one that cannot be purged now does not keep the others. */
async function purgeEach(
  context: Context,
  producer: Producer,
  { ids, what, isOne }: { ids: readonly string[]; what: Removal; isOne: boolean },
): Promise<{ removed: Removed[]; skipped: Skipped[] }> {
  const by = actorOf(context);
  const told = ({ rows, jobs }: Removed) => ({ rows, jobs });
  const removed: Removed[] = [];
  const skipped: Skipped[] = [];
  for (const id of ids) {
    const act = { action: 'purge' as const, batch: id, by, details: { what }, told };
    try {
      const work = () => purge(producer, id, { what, now: Date.now() });
      removed.push(await logged(producer.ledger, act, work));
    } catch (error) {
      const isLater = error instanceof OnboardError && /^E_BATCH_(STATE|BUSY)$/.test(error.code);
      if (isOne || !isLater) throw error;
      skipped.push({ batchId: id, code: error.code, reason: error.message });
    }
  }
  return { removed, skipped };
}

function removedText(removed: readonly Removed[]): string {
  const lines = removed.map(({ batchId, what, rows, jobs }) => {
    const done = what === 'batch' ? 'purged' : 'names and e-mails removed from';
    return `${done} ${batchId}: ${rows} rows, ${jobs} failed jobs\n`;
  });
  return lines.join('');
}
