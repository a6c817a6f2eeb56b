import { z } from 'zod';
import { ageMs } from '../durations.ts';
import { OnboardError } from '../errors.ts';
import { damageOf } from '../ledger/damaged.ts';
import { rowStates } from '../ledger/rows/row-state.ts';
import { explainLost } from '../redis/connection/lost.ts';

const batchId = z.string('give the id of a batch').min(1, 'give the id of a batch');
const texts = z.array(z.string());

const age = z.union([
  z.number().min(0),
  z.string().transform((text, context) => {
    const ms = ageMs(text);
    if (ms !== undefined) return ms;
    context.addIssue('give ms, or a number and h, d or w, as 30d');
    return z.NEVER;
  }),
]);

/** The arguments of each call, which a program without types may give in any form. */
const calls = {
  status: z.tuple([batchId]),
  setRoles: z.tuple([batchId, z.strictObject({ dryRun: z.boolean().optional() })]),
  report: z.tuple([
    batchId,
    z.strictObject({
      states: z.array(z.enum(rowStates)).optional(),
      roleDiffers: z.boolean().optional(),
      notInvitable: z.boolean().optional(),
      unmailed: z.boolean().optional(),
    }),
  ]),
  batches: z.tuple([]),
  retry: z.tuple([
    batchId,
    z.strictObject({
      reasons: texts.optional(),
      emails: texts.optional(),
      onUnknown: z.custom<(masked: string[]) => void>((it) => typeof it === 'function').optional(),
    }),
  ]),
  cancel: z.tuple([batchId, z.strictObject({ invite: z.boolean().default(true) })]),
  continue: z.tuple([batchId]),
  invite: z.tuple([batchId]),
  pause: z.tuple([]),
  resume: z.tuple([]),
  find: z.tuple([z.string('give an address').trim().min(1, 'give an address')]),
  log: z.tuple([
    batchId.optional(),
    z.strictObject({ limit: z.number().int().min(1).max(99_999).optional() }),
  ]),
  purge: z
    .tuple([
      batchId.optional(),
      z.strictObject({ people: z.boolean().default(false), olderThan: age.optional() }),
    ])
    .refine(([batch, { olderThan }]) => (batch === undefined) !== (olderThan === undefined), {
      error: 'name either a batch or olderThan, as 30d',
    }),
};

export type Call = keyof typeof calls;

/** The arguments of a call, checked. */
export type Checked<Name extends Call> = z.output<(typeof calls)[Name]>;

/** @throws {OnboardError} E_USAGE that names the call and every fault, without the values. */
export function checkedCall<Name extends Call>(
  name: Name,
  given: readonly unknown[],
): Checked<Name>;
export function checkedCall(name: Call, given: readonly unknown[]): unknown {
  const parsed = calls[name].safeParse(given);
  if (parsed.success) return parsed.data;
  throw usage(name, parsed.error.issues.map(faultText));
}

export function usage(name: string, faults: readonly string[]): OnboardError {
  return new OnboardError('E_USAGE', `${name}: ${faults.join('; ')}`, { details: { faults } });
}

/** The place of a fault among the arguments, by name where it has one. */
export function faultText({ path, message }: { path: PropertyKey[]; message: string }): string {
  const names = path.filter((part) => typeof part === 'string');
  return names.length === 0 ? message : `${names.join('.')}: ${message}`;
}

/** Refuses calls after `close`, and turns the errors of Redis into ones of ours. */
export class Door {
  #isClosed = false;

  close(): void {
    this.#isClosed = true;
  }

  /** @throws {OnboardError} E_USAGE after `close`. */
  check(name: string): void {
    if (this.#isClosed)
      throw usage(name, ['this connection is closed: open another with openOnboard']);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explainLost(damageOf(error) ?? error);
    }
  }
}
