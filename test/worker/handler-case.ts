import type { Submission } from '../../src/batch/submit-batch.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import type { RowOutcome } from '../../src/ledger/rows/row-codec.ts';
import { bucketOf } from '../../src/ledger/rows/row-state.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { admitUser, createUser } from '../../src/worker/create/create-user.ts';
import type { Attempt, WorkerDeps } from '../../src/worker/deps.ts';
import { invite } from '../../src/worker/invite/invite-job.ts';
import type { Outcome } from '../../src/worker/outcome.ts';
import { silent } from '../support/batches.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import type { Change } from '../support/workers.ts';

/** A submitted batch without a worker, so that a test can start one handler at a time. */
export interface HandlerCase {
  stage: Stage;
  batch: string;
  deps: WorkerDeps;
  createUser(row?: number, attempt?: Partial<Attempt>): Promise<Outcome>;
  invite(attempt?: Partial<Attempt>): Promise<Outcome>;
  /** Settles a row as created, as an earlier worker did. */
  created(...rows: number[]): Promise<void>;
  /** The outcome of a row in the ledger. */
  outcome(row?: number): Promise<RowOutcome>;
  states(): Promise<string[]>;
}

interface CaseOptions {
  rows?: readonly NewRow[];
  submission?: Partial<Submission>;
  plan?: Plan;
  sandbox?: SandboxOptions;
  requestTimeoutMs?: number;
  /** Address of a Redis of its own. */
  redis?: string;
  deps?: Change;
}

export async function openCase(options: CaseOptions = {}): Promise<HandlerCase> {
  const { rows = people(1), plan = () => undefined, requestTimeoutMs = 5000 } = options;
  const { sandbox = {}, redis } = options;
  const own = redis === undefined ? {} : { redis };
  const stage = await openStage({ sandbox, plan, requestTimeoutMs, ...own });
  const { ledger } = stage;
  const batch = await stage.submit(rows, options.submission);
  const deps = stage.deps(options.deps);
  const ref = (row: number) => ({ batch, round: 1, row });
  return {
    stage,
    batch,
    deps,
    createUser: async (row = 0, change = {}) => {
      const attempt = { ...firstAttempt, ...change };
      return createUser(deps, ref(row), attempt, await admitUser(deps, ref(row), attempt));
    },
    invite: (attempt = {}) => invite(deps, { batch, round: 1 }, { ...firstAttempt, ...attempt }),
    created: async (...list) => {
      for (const row of list) await settleRow(ledger, ref(row), { state: 'created', outcome: {} });
    },
    outcome: async (row = 0) => {
      const key = ledger.keys.outcomes(batch) + bucketOf(row);
      const { at: _, ...told } = JSON.parse((await ledger.redis.hget(key, String(row))) ?? '{}');
      return told;
    },
    states: async () => (await stage.rows(batch)).map((row) => row.state),
  };
}

/** The first of several attempts. */
export const firstAttempt: Attempt = {
  queue: CREATE_USER,
  number: 1,
  isLast: false,
  jobId: 'job',
  logger: silent,
};
