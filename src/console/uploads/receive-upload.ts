import type { Readable } from 'node:stream';
import { OnboardError } from '../../errors.ts';
import { receiveForm } from './multipart.ts';
import type { UploadOptions } from './plan-record.ts';
import type { Plans } from './plans.ts';
import type { Who } from './submitter.ts';
import type { UploadSpool } from './upload-spool.ts';

/** Plans that may wait for somebody: with uploads of 200 MB, 10 GB of disk. */
const MOST_WAITING = 50;

/** Uploads that may arrive at a time. */
const MOST_UPLOADS = 2;

interface Form {
  body: Readable;
  contentType: string;
  isOurs(token: string): boolean;
  by: Who;
  /** Reads the options; throws where they are wrong. */
  optionsOf(fields: URLSearchParams): UploadOptions;
}

/** Receives an upload and begins its plan. */
export type ReceiveUpload = ReturnType<typeof receiver>;

/** `mostBytes` is of all files of an upload together. */
export function receiver(parts: { spool: UploadSpool; plans: Plans; mostBytes: number }) {
  let arriving = 0;
  /**
   * Returns the key of the plan; undefined for a form of another session.
   * @throws {OnboardError} E_UPLOAD, E_UPLOAD_TOO_LARGE, E_UPLOAD_BUSY, E_DISK_FULL
   */
  return async (form: Form): Promise<string | undefined> => {
    if (arriving >= MOST_UPLOADS) {
      const text = `${MOST_UPLOADS} uploads arrive at this moment: send yours again in a minute`;
      throw new OnboardError('E_UPLOAD_BUSY', text);
    }
    arriving += 1;
    try {
      if ((await parts.plans.waiting()).length >= MOST_WAITING) {
        const text = `${MOST_WAITING} plans wait for approval: approve or discard some of them first`;
        throw new OnboardError('E_UPLOAD_BUSY', text);
      }
      return await receive(parts, form);
    } finally {
      arriving -= 1;
    }
  };
}

async function receive(
  { spool, plans, mostBytes }: Parameters<typeof receiver>[0],
  { body, contentType, isOurs, by, optionsOf }: Form,
): Promise<string | undefined> {
  const key = await spool.begin();
  let isKept = false;
  try {
    const folder = spool.filesOf(key);
    const received = await receiveForm(body, { contentType, folder, mostBytes, isOurs });
    if (received === undefined) return undefined;
    const { fields, files, bytes } = received;
    await plans.add({ key, files, bytes, options: optionsOf(fields) }, by);
    isKept = true;
    return key;
  } finally {
    if (!isKept) await spool.remove(key);
  }
}
