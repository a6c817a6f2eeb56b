import { type PreparedList, prepareSubmission } from '../../actions/prepare-submission.ts';
import { counted } from '../../count.ts';
import type { Format } from '../../intake/format.ts';
import type { AccountType } from '../../people/account-types.ts';
import type { GroupMode } from '../../people/groups.ts';
import type { Portal } from '../../portal/client.ts';
import { line } from '../../printable.ts';
import type { Context } from '../context.ts';
import { batchOptionsOf } from '../flags/batch-flags.ts';
import { openPortal } from '../open/portal-client.ts';
import { remarksText } from '../text/remarks-text.ts';

export interface SubmissionFlags {
  batch?: string;
  type: AccountType;
  allowTypes?: AccountType[];
  inviteType: AccountType;
  culture?: string;
  groups?: GroupMode;
  group?: string[];
  joinExisting?: boolean;
  format?: Format;
  delimiter?: string;
  sheet?: string;
  map?: string[];
  ignore?: string[];
  splitName?: string;
  encoding?: string;
  at?: string;
  only?: string[];
  json?: boolean;
  strict?: boolean;
  /** `run` only: lifts the hold in force, also on a Redis that others use. */
  resume?: boolean;
  concurrency?: string;
  /** False with `--no-notify`. */
  notify?: string | false;
  /** Folder of the files, for the console; their names are shown without it. */
  folder?: string;
  /** The program and the role in it by which a person submits, for the console. */
  via?: { via: string; role: string };
  /** False with `--no-check`. */
  check?: boolean;
  dryRun?: boolean;
  lookup?: boolean;
  /** Id of the plan that the submission must match. */
  plan?: string;
}

/** A submission that could be made, with its flags and the portal that it is for. */
export interface Prepared extends PreparedList {
  portal: Portal;
  flags: SubmissionFlags;
}

/**
 * Reads the files once and derives the batch from their contents and the flags.
 * @throws {OnboardError} E_FILE_…, E_USAGE
 */
export async function prepareFiles(
  context: Context,
  files: readonly string[],
  flags: SubmissionFlags,
): Promise<Prepared> {
  const { io, config, closers } = context;
  const { stdin, interrupt: signal, timings } = io;
  const portal = openPortal(context);
  const { format, delimiter, sheet, map: maps, only, ignore, splitName, encoding, at } = flags;
  const { folder } = flags;
  const columns = { maps, ignore, splitName };
  const onOddWord = (text: string) => io.stderr.write(`${text}\n`);
  const text = { format, delimiter, encoding, at, onOddWord };
  const input = { files, folder, stdin, sheet, only, signal, ...columns, ...text };
  const { batch, type, allowTypes: allowedTypes, inviteType, culture } = flags;
  const notify = flags.notify === false ? undefined : config.notifyUrl();
  const about = { batch, type, allowedTypes, inviteType, culture, notify };
  const { groups, group, joinExisting } = flags;
  const ofGroups = { groups, group, joinExisting };
  const options = { ...about, ...ofGroups, options: batchOptionsOf(flags) };
  const hasKey = config.apiKey() !== '';
  const forPortal = { portal, origin: config.portalUrl.origin, timings, hasKey };
  const prepared = await prepareSubmission(forPortal, input, options);
  closers.add('input', () => prepared.source.close());
  return { ...prepared, portal, flags };
}

/** Flags that stand for a variable. */
export function overridesOf({ concurrency, notify }: SubmissionFlags) {
  return { ONBOARD_CONCURRENCY: concurrency, ONBOARD_NOTIFY_URL: notify || undefined };
}

/** Remarks on the files, columns that are not used, so that a misspelt one is noticed, and skipped rows. */
export function ignoredLines({ source, submission: { remarks = [] } }: PreparedList): string {
  const { ignoredColumns: names, rows, skipped } = source;
  const columns = names.length === 0 ? '' : `${line`columns not used: ${names.join(', ')}`}\n`;
  const all = counted(rows + skipped, 'row', 'rows');
  const only = skipped === 0 ? '' : `--only: ${rows} of ${all}\n`;
  return `${remarksText(remarks)}${columns}${only}`;
}
