import { Readable } from 'node:stream';
import { z } from 'zod';
import { findGroups, withGroups } from '../actions/find-groups.ts';
import { type PreparedList, prepareSubmission } from '../actions/prepare-submission.ts';
import { BATCH_ID, BATCH_ID_FORM } from '../batch-id.ts';
import { batchOptionNames } from '../ledger/batch/batch-options.ts';
import { batchOptionsSchema } from '../ledger/batch/batch-options-schema.ts';
import { isHookUrl } from '../loopback.ts';
import { accountTypes } from '../people/account-types.ts';
import { groupModes } from '../people/groups.ts';
import { printable } from '../printable.ts';
import { faultText, usage } from './calls.ts';
import type { Parts } from './parts.ts';
import { ndjsonOf, type PeopleSource } from './people.ts';

/** Files as the command line takes them. */
export interface FileInput {
  files: readonly string[];
  /** Without it, by each file's name. */
  format?: 'csv' | 'json' | 'ndjson' | 'xlsx';
  /** CSV: one character, or `tab`; without it, by each file's header. */
  delimiter?: string;
  /** XLSX: name or number of the sheet; without it the first with a header. */
  sheet?: string;
  /** Fields for unusual headers, as `E-Mail Address=email`. */
  maps?: readonly string[];
  /** Headers of columns that are not read. */
  ignore?: readonly string[];
  /** Order of the names in a column of whole names. */
  splitName?: 'first last' | 'last, first';
  /** Encoding of text, as `windows-1252`; without it, the bytes decide. */
  encoding?: string;
  /** JSON: path of the array inside an object, as `users`. */
  at?: string;
}

const type = z.enum(accountTypes);
const aboutSchema = z.object({
  /** Names the batch; without it contents and options do, so that the same list is the same batch. */
  batchId: z.string().regex(BATCH_ID, `use ${BATCH_ID_FORM}`).optional(),
  /** Account type of people without one: `User`. */
  type: type.default('User'),
  /** Types that people may name besides `type`; others are rejected. */
  allowedTypes: z.array(type).optional(),
  /** Type in the invite: `All`. */
  inviteType: type.default('All'),
  culture: z.string().optional(),
  /** Unknown names of groups are left out (`existing`) or made (`create`); `ignore` reads none. */
  groups: z.enum(groupModes).optional(),
  /** Names of groups for everybody. */
  group: z.array(z.string()).optional(),
  /** Adds people who had an account already to their groups, too. */
  joinExisting: z.boolean().optional(),
  /** Address that is notified when the batch is over, held or waits for a person; a secret. */
  notify: z
    .string()
    .refine(isHookUrl, {
      error: 'must be an https:// address without user or password (http:// only for this machine)',
    })
    .transform((text) => new URL(text).href)
    .optional(),
});
const optionNames: ReadonlySet<string> = new Set([
  ...Object.keys(aboutSchema.shape),
  ...batchOptionNames,
  'signal',
]);
const fileSchema = z.strictObject({
  files: z.array(z.string()).min(1, 'give names of files'),
  format: z.enum(['csv', 'json', 'ndjson', 'xlsx']).optional(),
  delimiter: z.string().optional(),
  sheet: z.string().optional(),
  maps: z.array(z.string()).optional(),
});
const optionsSchema = aboutSchema.and(batchOptionsSchema);

/** Options of a submission; each acts as the flag of `onboard submit` with its name. */
export type SubmitOptions = z.input<typeof optionsSchema> & {
  /** Stops between two slices of 1,000 people; the same submission continues later. */
  signal?: AbortSignal | undefined;
};

/** The name of a list that did not come from a file, in rows and messages. */
const LIST_NAME = '<people>';

/**
 * Reads the people once and derives the batch from them, as `onboard submit` does. They are stored
 * in a private file of this user until `source` is closed.
 * @throws {OnboardError} E_USAGE, E_FILE_…; what the iteration over the people throws.
 */
export async function preparePeople(
  parts: Parts,
  people: PeopleSource,
  options: SubmitOptions,
): Promise<PreparedList> {
  const { signal, ...about } = checked('submit', options);
  const list = heard(ndjsonOf(people));
  const stdin = Readable.from(list.pieces, { objectMode: false });
  const source = { files: ['-'], stdin, stdinName: LIST_NAME, format: 'ndjson' as const };
  // The fields are those of PersonInput: an unknown type is a mistake of the program.
  const input = { ...source, signal, areMeant: true };
  try {
    return await prepareSubmission(parts, input, about);
  } catch (error) {
    signal?.throwIfAborted();
    // Intake reports a file that cannot be read; the caller must see what their own code threw.
    throw list.failure() ?? error;
  }
}

/** Reads files of this machine likewise. @throws {OnboardError} E_USAGE, E_FILE_… */
export async function prepareFileList(
  parts: Parts,
  input: FileInput,
  options: SubmitOptions,
): Promise<PreparedList> {
  const { signal, ...about } = checked('submitFiles', options);
  const parsed = fileSchema.safeParse(input);
  if (!parsed.success) throw usage('submitFiles', parsed.error.issues.map(faultText));
  return prepareSubmission(parts, { ...parsed.data, stdin: Readable.from([]), signal }, about);
}

/**
 * Finds the groups that a submission names, with a key; without one, and for groups that are to be
 * made, workers do so.
 * @throws {OnboardError} E_GROUP_AMBIGUOUS, E_GROUP_UNKNOWN, E_REFUSED
 */
export async function groupsFor(
  { portal, ledger, hasKey, timings }: Parts,
  submission: PreparedList['submission'],
  signal: AbortSignal = new AbortController().signal,
): Promise<PreparedList['submission']> {
  if (!hasKey) return submission;
  const finding = { portal, ledger, signal, withinMs: timings.groupsAskMs };
  const found = await findGroups(finding, submission);
  return found === undefined ? submission : withGroups(submission, found);
}

function checked(call: string, options: SubmitOptions) {
  if (typeof options !== 'object' || options === null)
    throw usage(call, ['give options as an object']);
  const unknown = Object.keys(options).filter((name) => !optionNames.has(name));
  if (unknown.length > 0) throw usage(call, [`no such option: ${printable(unknown.join(', '))}`]);
  const { signal, ...given } = options;
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) throw usage(call, parsed.error.issues.map(faultText));
  const { batchId: batch, type, allowedTypes, inviteType, culture, notify, ...rest } = parsed.data;
  const { groups, group, joinExisting, ...batchOptions } = rest;
  const about = { batch, type, allowedTypes, inviteType, culture, notify };
  return { signal, ...about, groups, group, joinExisting, options: batchOptions };
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
