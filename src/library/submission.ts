import { Readable } from 'node:stream';
import { z } from 'zod';
import { type AccountType, accountTypes } from '../account-types.ts';
import { batchIdOf, submissionDigest } from '../batch/identity.ts';
import type { Submission } from '../batch/submit.ts';
import { defined } from '../defined.ts';
import { OnboardError } from '../errors.ts';
import { type IntakeOptions, openSource, type Source } from '../intake/source.ts';
import type { Portal } from '../portal/client.ts';
import { namePatternOf } from '../portal/name-pattern.ts';
import { BATCH_ID } from '../queue/job-id.ts';
import { ndjsonOf, type PeopleSource } from './people.ts';

/** Files, as on the command line. */
export interface FileInput {
  files: readonly string[];
  /** Format; each file's name decides by default. */
  format?: 'csv' | 'json' | 'ndjson' | 'xlsx';
  /** Delimiter of CSV: one character, or `tab`; each file's header decides by default. */
  delimiter?: string;
  /** Name or number of the sheet of XLSX; the first by default. */
  sheet?: string;
  /** Columns of unusual headers, as `E-Mail Address=email`. */
  maps?: readonly string[];
}

/** Options of a batch, like the flags of `onboard submit` with these names. */
export interface SubmitOptions {
  /** Id of the batch; computed from contents and options by default: one list is one batch. */
  batchId?: string;
  /** Account type of people without one; `User` by default. */
  type?: AccountType;
  /** Type in the invite; `All` by default. */
  inviteType?: AccountType;
  culture?: string;
  /** Share of failed people, 0 to 100, above which all batches are held; 40 by default. */
  maxFailedPercent?: number;
  /** Largest number of people in one invite request. */
  inviteSize?: number;
  /** Number of people to create now; the others are held back until `onboard continue`. */
  limit?: number;
  /** Holds the invite back until `onboard invite`. */
  inviteHeld?: boolean;
  /** Holds the invite back until this time. */
  inviteAt?: Date;
  /** Holds the invite back if a smaller share of the people, 0 to 100, has an account. */
  minCreatedPercent?: number;
  /** Stops between two slices of 1,000 people; submit the same list to continue. */
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

/** Name of a list without a file, in rows. */
const LIST_NAME = '<people>';

interface Request {
  people: PeopleSource | FileInput;
  options: SubmitOptions;
  origin: string;
}

interface Facts {
  /** Digest of the people. */
  content: string;
  portal: string;
  acceptedOnPortal: number | undefined;
}

/**
 * Reads the people once and derives the batch from them, like `onboard submit`. People without a file
 * are stored in a private file of this user until `source` is closed.
 * @throws {OnboardError} E_USAGE, E_FILE_…; passes on errors of the iteration.
 */
export async function prepare(
  portal: Portal,
  { people, options, origin }: Request,
): Promise<{ source: Source; submission: Submission }> {
  const checked = check(options);
  const namePattern = await namePatternOf(portal);
  const source = await openPeople(people, {
    defaultType: checked.type,
    defaultCulture: checked.culture,
    namePattern,
    signal: options.signal,
  });
  const facts = { content: source.digest, portal: origin, acceptedOnPortal: portal.clock() };
  return { source, submission: { ...submissionOf(checked, facts), rows: () => source.entries() } };
}

function check(options: SubmitOptions): Checked {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new OnboardError('E_USAGE', `submit: ${faults.join('; ')}`, { details: { faults } });
}

function submissionOf(
  { batchId, type, inviteType, culture, inviteAt, ...options }: Checked,
  { content, portal, acceptedOnPortal }: Facts,
): Omit<Submission, 'rows'> {
  const digest = submissionDigest({ content, type, inviteType, culture, portal });
  const about = { id: batchId ?? batchIdOf(digest), digest, portal, inviteType };
  return {
    ...about,
    ...defined({ ...options, culture, acceptedOnPortal, inviteAt: inviteAt?.getTime() }),
  };
}

type Rules = Omit<IntakeOptions, keyof FileInput | 'stdin'>;

async function openPeople(people: PeopleSource | FileInput, rules: Rules): Promise<Source> {
  if ('files' in people) return openSource({ ...rules, ...people, stdin: Readable.from([]) });
  const list = observed(ndjsonOf(people));
  const stdin = Readable.from(list.pieces, { objectMode: false });
  const input = { files: ['-'], stdin, stdinName: LIST_NAME, format: 'ndjson' as const };
  try {
    return await openSource({ ...rules, ...input });
  } catch (error) {
    rules.signal?.throwIfAborted();
    // Intake reports an unreadable file; the caller needs the error of their own code.
    throw list.failure() ?? error;
  }
}

function observed(pieces: AsyncIterable<string>) {
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
