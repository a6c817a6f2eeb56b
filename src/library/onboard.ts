import { randomUUID } from 'node:crypto';
import {
  type Acting,
  cancelBatch,
  continueHeldBack,
  releaseInvite,
  retryPeople,
} from '../actions/batch-actions.ts';
import { findPerson } from '../actions/find-person.ts';
import { LISTED_ACTIONS, listActions } from '../actions/list-actions.ts';
import { pauseWorkers, resumeWorkers } from '../actions/pause-queues.ts';
import type { PreparedList } from '../actions/prepare-submission.ts';
import {
  purgeable,
  purgeBatch,
  purgeBatches,
  refuseUnpurgeable,
} from '../actions/purge-batches.ts';
import { setRoles } from '../actions/set-roles.ts';
import { submitList } from '../actions/submit-list.ts';
import { batchIds } from '../ledger/batch/batches.ts';
import { reportOf } from '../ledger/batch/numbers.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import { marksFor } from '../ledger/rows/mark-text.ts';
import type { PersonRow } from '../ledger/rows/person-rows.ts';
import { type ReportRow, reportRows } from '../ledger/rows/stored-rows.ts';
import { type Actor, readActor } from '../process/actor.ts';
import { timings } from '../timings.ts';
import { type Call, type Checked, checkedCall, Door } from './calls.ts';
import type { Onboard, Submitted } from './onboard-type.ts';
import { openParts, type Parts, rolePortal } from './parts.ts';
import type { OnboardOptions } from './settings.ts';
import { groupsFor, prepareFileList, preparePeople } from './submission.ts';

/**
 * Connects to the Redis that the workers use. Reads no environment and listens to no signal.
 * @throws {OnboardError} E_CONFIG, E_REDIS_…
 */
export async function openOnboard(options: OnboardOptions): Promise<Onboard> {
  const parts = await openParts(options, timings);
  const by = readActor({ name: options.actor });
  const door = new Door();
  return { ...submitting(parts, { by, door }), ...acting(parts, { by, door }) };
}

interface Caller {
  by: Actor;
  door: Door;
}

function actingOf(parts: Parts, by: Actor, signal = new AbortController().signal): Acting {
  return { producer: { ...parts, token: randomUUID(), signal }, by };
}

/** The calls that submit: errors of the caller's own iteration pass unchanged. */
function submitting(parts: Parts, { by, door }: Caller): Pick<Onboard, 'submit' | 'submitFiles'> {
  const submitted = async (
    { source, submission }: PreparedList,
    signal: AbortSignal | undefined,
  ): Promise<Submitted> => {
    try {
      return await door.run(async () => {
        const grouped = await groupsFor(parts, submission, signal);
        const done = await submitList(actingOf(parts, by, signal), grouped, { action: 'submit' });
        const { already, report } = done;
        return { batchId: submission.id, already, report, remarks: grouped.remarks ?? [] };
      });
    } finally {
      await source.close();
    }
  };
  return {
    submit: async (people, more = {}) => {
      door.check('submit');
      return submitted(await preparePeople(parts, people, more), more.signal);
    },
    submitFiles: async (input, more = {}) => {
      door.check('submitFiles');
      return submitted(await prepareFileList(parts, input, more), more.signal);
    },
  };
}

/** The other calls, each with its arguments checked first. */
function acting(parts: Parts, { by, door }: Caller): Omit<Onboard, 'submit' | 'submitFiles'> {
  const { ledger } = parts;
  const self = () => actingOf(parts, by);
  const call = async <Name extends Call, T>(
    name: Name,
    given: readonly unknown[],
    work: (...args: Checked<Name>) => Promise<T>,
  ): Promise<T> => {
    door.check(name);
    const args = checkedCall(name, given);
    return door.run(() => work(...args));
  };
  return {
    status: (id) => call('status', [id], (batch) => reportOf(ledger, batch, Date.now())),
    report: (id, more = {}) => rowsOf(parts, door, [id, more]),
    batches: () => call('batches', [], () => batchIds(ledger)),
    retry: (id, more = {}) => call('retry', [id, more], (...args) => retryPeople(self(), ...args)),
    cancel: (id, more = {}) =>
      call('cancel', [id, more], (...args) => cancelBatch(self(), ...args)),
    continue: (id) => call('continue', [id], (batch) => continueHeldBack(self(), batch)),
    invite: (id) => call('invite', [id], (batch) => releaseInvite(self(), batch)),
    setRoles: (id, more = {}) =>
      call('setRoles', [id, more], (batch, { dryRun }) =>
        setRoles(self(), batch, { portal: rolePortal(parts), dryRun }),
      ),
    pause: () => call('pause', [], () => pauseWorkers(parts, by)),
    resume: () => call('resume', [], async () => (await resumeWorkers(parts, by)).hold),
    find: (email) => call('find', [email], (address) => found(parts, address)),
    log: (id, more = {}) =>
      call('log', [id, more], (batch, { limit = LISTED_ACTIONS }) =>
        listActions(ledger, { batch, limit }),
      ),
    purge: (id, more = {}) =>
      call('purge', [id, more], async (batch, { people, olderThan = 0 }) => {
        const what = people ? 'people' : 'batch';
        if (batch !== undefined) {
          await refuseUnpurgeable(self(), batch);
          return { removed: [await purgeBatch(self(), batch, { what })], skipped: [] };
        }
        const before = Date.now() - olderThan;
        return purgeBatches(self(), await purgeable(self(), { what, before }), what);
      }),
    close: async () => {
      door.close();
      await parts.close();
    },
  };
}

async function found({ ledger, logger }: Parts, email: string): Promise<PersonRow[]> {
  const onDamaged = (batchId: string) => logger.warn({ batchId }, 'batch is unreadable');
  const rows: PersonRow[] = [];
  for await (const row of await findPerson(ledger, { email, onDamaged })) rows.push(row);
  return rows;
}

async function* rowsOf(
  { ledger }: Parts,
  door: Door,
  given: readonly unknown[],
): AsyncGenerator<ReportRow> {
  door.check('report');
  const [batchId, { states, ...filter }] = checkedCall('report', given);
  await door.run(() => requireBatch(ledger, batchId));
  yield* reportRows(ledger, batchId, { states, marks: marksFor(filter) });
}
