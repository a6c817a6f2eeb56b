import type { PlanFailure, PlanSummary, Rejection, UploadOptions } from './plan-record.ts';

/** An upload as it is planned and submitted. */
export interface Upload {
  /** Folder of the files. */
  folder: string;
  files: readonly string[];
  options: UploadOptions;
}

/** The person who is signed in. */
export interface Who {
  name: string;
  role: string;
}

interface Planning {
  /** File for the rows that stay out, one JSON object a line. */
  rejected: string;
  onProgress(rows: number, all: number): void;
  signal: AbortSignal;
}

interface Submitting {
  /** Id of the plan that was approved. */
  plan: string;
  by: Who;
  signal: AbortSignal;
}

type Planned =
  | { summary: PlanSummary; rejections: Rejection[]; failure?: never }
  | { failure: PlanFailure };

/** Plans and submits an upload in a process of its own, so that neither is in this one's memory. */
export interface Submitter {
  plan(upload: Upload, planning: Planning): Promise<Planned>;
  /** Submits what was planned, or nothing; a failure is `interrupted` where the signal ended it. */
  submit(upload: Upload, submitting: Submitting): Promise<{ failure?: PlanFailure }>;
}
