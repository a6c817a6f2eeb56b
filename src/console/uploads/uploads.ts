import type { Plans } from './plans.ts';
import type { ReceiveUpload } from './receive-upload.ts';

/** Uploading lists, or why this console takes none. */
export type Uploads = OpenUploads | { closed: string; plans?: never };

export interface OpenUploads {
  closed?: never;
  plans: Plans;
  receive: ReceiveUpload;
  /** File of the rows of a plan that stay out. */
  rejectedOf(key: string): string;
  /** Most bytes of the files of an upload. */
  mostBytes: number;
  /** `other`: the uploader cannot approve. */
  approval: 'any' | 'other';
  /** Whether ONBOARD_NOTIFY_URL is set. */
  canNotify: boolean;
  /** Whether a key is here, so that the portal can be asked. */
  hasKey: boolean;
}
