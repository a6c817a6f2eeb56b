import { Readable } from 'node:stream';
import { z } from 'zod';
import { type AccountType, accountTypes } from '../account-types.ts';
import { batchIdOf, submissionDigest } from '../batch/identity.ts';
import type { Submission } from '../batch/submit.ts';
import { OnboardError } from '../errors.ts';
import { type IntakeOptions, openSource, type Source } from '../intake/source.ts';
import { namePatternOf } from '../portal/name-pattern.ts';
import { BATCH_ID } from '../queue/job-id.ts';
import type { Parts } from './parts.ts';
import { ndjsonOf, type PeopleSource } from './people.ts';

/** Files as the command line takes them. */
export interface FileInput {
  files: readonly string[];
  /** Without it each file's name tells. */
  format?: 'csv' | 'json' | 'ndjson' | 'xlsx';
  /** Of CSV: one character, or `tab`; without it each file's header tells. */
  delimiter?: string;
  /** Of XLSX: name or number of the sheet; without it the first. */
  sheet?: string;
  /** What odd headers mean, as `E-Mail Address=email`. */
  maps?: readonly string[];
}

/** What is done with a list; each as the flag of `onboard submit` that is named like it. */
export interface SubmitOptions {
  /** Names the batch; without it contents and options do, so that the same list is the same batch. */
  batchId?: string;
  /** Account type of people without one: `User`. */
  type?: AccountType;
  /** Type in the invite: `All`. */
  inviteType?: AccountType;
  culture?: string;
  /** Share of failed people, 0 to 100, above which everything is held: 40. */
  maxFailedPercent?: number;
  /** Most people in one invite request. */
  inviteSize?: number;
  /** Only the first so many now; the others with `onboard continue`. */
  limit?: number;
  /** The invite waits for `onboard invite`, */
  inviteHeld?: boolean;
  /** or for this time, */
  inviteAt?: Date;
  /** or when fewer of the people than this share, 0 to 100, have an account. */
  minCreatedPercent?: number;
  /** Stops between two slices of 1,000 people; the same submission goes on later. */
  signal?: AbortSignal;
}

const percent = z.number().int().min(0).max(100).optional();
const count = z.number().int().min(1).max(999_999_999).optional();
const type = z.enum(accountTypes);
const optionsSchema = z.object({
  batchId: z
    .string()
    .regex(BATCH_ID, 'use a letter, then up to 63 letters, digits, _ and -')
    .optional(),
  type: type.default('User'),
  inviteType: type.default('All'),
  culture: z.string().optional(),
  maxFailedPercent: percent,
  inviteSize: count,
  limit: count,
  inviteHeld: z.boolean().optional(),
  inviteAt: z.date().optional(),
  minCreatedPercent: percent,
});
type Checked = z.infer<typeof optionsSchema>;

/** A list as rows name it that did not come from a file. */
const LIST_NAME = '<people>';

/**
 * Reads the people once and derives the batch from them, as `onboard submit` does; people who are not
 * in files are kept in a private file of this user until `source` is closed.
 * @throws {OnboardError} E_USAGE, E_FILE_…; what the iteration over the people throws.
 */
export async function prepare(
  { portal, origin, timings }: Parts,
  people: PeopleSource | FileInput,
  options: SubmitOptions,
): Promise<{ source: Source; submission: Submission }> {
  const checked = check(options);
  const namePattern = await namePatternOf(portal, timings);
  const source = await openPeople(people, {
    defaultType: checked.type,
    ...(checked.culture === undefined ? {} : { defaultCulture: checked.culture }),
    ...(namePattern === undefined ? {} : { namePattern }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const told = { content: source.digest, portal: origin, acceptedOnPortal: portal.clock() };
  return { source, submission: { ...submissionOf(checked, told), rows: () => source.entries() } };
}

function check(options: SubmitOptions): Checked {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new OnboardError('E_USAGE', `submit: ${faults.join('; ')}`, { details: { faults } });
}

function submissionOf(
  { batchId, type, inviteType, culture, inviteAt, ...options }: Checked,
  told: { content: string; portal: string; acceptedOnPortal: number | undefined },
): Omit<Submission, 'rows'> {
  const { content, portal, acceptedOnPortal } = told;
  const digest = submissionDigest({ content, type, inviteType, culture, portal });
  const about = { id: batchId ?? batchIdOf(digest), digest, portal, inviteType };
  return {
    ...about,
    ...given({ ...options, culture, acceptedOnPortal, inviteAt: inviteAt?.getTime() }),
  };
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The same without what is undefined. */
function given<T extends object>(options: T): Given<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

type Rules = Omit<IntakeOptions, keyof FileInput | 'stdin'>;

async function openPeople(people: PeopleSource | FileInput, rules: Rules): Promise<Source> {
  if ('files' in people) return openSource({ ...rules, ...people, stdin: Readable.from([]) });
  const list = heard(ndjsonOf(people));
  const stdin = Readable.from(list.pieces, { objectMode: false });
  const input = { files: ['-'], stdin, stdinName: LIST_NAME, format: 'ndjson' as const };
  try {
    return await openSource({ ...rules, ...input });
  } catch (error) {
    rules.signal?.throwIfAborted();
    // Intake sees a file that cannot be read; the caller shall see what their own code threw.
    throw list.failure() ?? error;
  }
}

function heard(pieces: AsyncIterable<string>) {
  let failure: unknown;
  async function* listening(): AsyncGenerator<string> {
    try {
      yield* pieces;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { pieces: listening(), failure: () => failure };
}
