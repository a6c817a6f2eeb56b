import { bucketOf } from '../../src/ledger/keys.ts';
import type { NewRow } from '../../src/ledger/record-rows.ts';
import { type RowOutcome, settleRow } from '../../src/ledger/rows.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createUser } from '../../src/worker/create-user.ts';
import type { Attempt, WorkerDeps } from '../../src/worker/deps.ts';
import { invite } from '../../src/worker/invite.ts';
import type { Outcome } from '../../src/worker/outcome.ts';
import { people } from '../support/people.ts';
import { openWorld, silent, type World } from '../support/world.ts';
import { type FaultyPortal, faultyPortal, type Plan } from './faulty-portal.ts';

/** A submitted batch that no worker works at, so that a test can start one handler at a time. */
export interface HandlerCase {
  world: World;
  batch: string;
  deps: WorkerDeps;
  asked: FaultyPortal['asked'];
  createUser(row?: number, attempt?: Partial<Attempt>): Promise<Outcome>;
  invite(attempt?: Partial<Attempt>): Promise<Outcome>;
  /** Settles a row as created, as a worker did before. */
  created(...rows: number[]): Promise<void>;
  /** What the ledger keeps of a row beside its state. */
  outcome(row?: number): Promise<RowOutcome>;
  states(): Promise<string[]>;
}

interface CaseOptions {
  rows?: readonly NewRow[];
  plan?: Plan;
  sandbox?: SandboxOptions;
  requestTimeoutMs?: number;
  deps?: Partial<WorkerDeps>;
}

export async function openCase(options: CaseOptions = {}): Promise<HandlerCase> {
  const { rows = people(1), plan, requestTimeoutMs = 5000 } = options;
  const world = await openWorld(options.sandbox === undefined ? {} : { sandbox: options.sandbox });
  const { ledger } = world;
  const batch = await world.submit(rows);
  const { portal, asked } = await faultyPortal(world.sandbox, plan, { requestTimeoutMs });
  const deps = await world.deps({ portal, ...options.deps });
  const ref = (row: number) => ({ batch, round: 1, row });
  return {
    world,
    batch,
    deps,
    asked,
    createUser: (row = 0, attempt = {}) => createUser(deps, ref(row), { ...first, ...attempt }),
    invite: (attempt = {}) => invite(deps, { batch, round: 1 }, { ...first, ...attempt }),
    created: async (...list) => {
      for (const row of list) await settleRow(ledger, ref(row), { state: 'created', outcome: {} });
    },
    outcome: async (row = 0) => {
      const key = ledger.keys.outcomes(batch) + bucketOf(row);
      const { at: _, ...told } = JSON.parse((await ledger.redis.hget(key, String(row))) ?? '{}');
      return told;
    },
    states: async () => (await world.rows(batch)).map((row) => row.state),
  };
}

/** The first of several attempts. */
const first: Attempt = { number: 1, isLast: false, jobId: 'job', logger: silent };
