/*
 * The package's one public entry, for people who enqueue from their own code. The only file that
 * re-exports: all other files import from the file that defines.
 * What is not exported here may change in any version.
 */

export type { RetryFilter } from './actions/batch-actions.ts';
export type { Purged } from './actions/purge-batches.ts';
export { type ErrorCode, OnboardError } from './errors.ts';
export type { Report } from './ledger/batch/numbers.ts';
export type { LogEntry } from './ledger/notes/action-log.ts';
export type { PersonRow } from './ledger/rows/person-rows.ts';
export type { ReportRow } from './ledger/rows/stored-rows.ts';
export type { Hold } from './ledger/stops/holds.ts';
export { openOnboard } from './library/onboard.ts';
export type { Onboard, Submitted } from './library/onboard-type.ts';
export type { PeopleSource, PersonInput } from './library/people.ts';
export type { OnboardOptions } from './library/settings.ts';
export type { FileInput, SubmitOptions } from './library/submission.ts';
export type { AccountType } from './people/account-types.ts';
export type { Remark } from './people/remark.ts';
