/*
 * The package's one public entry, for people who enqueue from their own code. The only file that
 * re-exports: all other files import from the file that defines.
 * What is not exported here may change in any version.
 */
export type { AccountType } from './account-types.ts';
export type { RetryFilter } from './actions/retry.ts';
export { type ErrorCode, OnboardError } from './errors.ts';
export type { Hold } from './ledger/holds.ts';
export type { Report } from './ledger/report.ts';
export type { ReportRow } from './ledger/stored-rows.ts';
export { type Onboard, openOnboard, type Submitted } from './library/onboard.ts';
export type { PeopleSource, PersonInput } from './library/people.ts';
export type { OnboardOptions } from './library/settings.ts';
export type { FileInput, SubmitOptions } from './library/submission.ts';
