import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { parseEnv } from 'node:util';
import { OnboardError } from '../errors.ts';

/** A `.env` file: its variables, or why it is ignored. */
export interface DotEnv {
  values: Readonly<Record<string, string | undefined>>;
  ignored?: string;
}

/**
 * Reads the `.env` of the current folder, which may be one of somebody else: it can name the portal
 * and the Redis that people go to. A file that another user can have written is ignored; `ignored`
 * then has the reason and the remedy. A pipe is not waited for.
 * @throws {OnboardError} E_CONFIG for a file in UTF-16, which would have no variable.
 */
export function readDotEnv(): DotEnv {
  let file: number;
  try {
    file = openSync('.env', constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isAbsent ? { values: {} } : ignored('it cannot be read: correct its rights');
  }
  try {
    const fault = faultOf(fstatSync(file));
    return fault === undefined ? { values: parse(readFileSync(file)) } : ignored(fault);
  } finally {
    closeSync(file);
  }
}

/** Without a byte order mark, which would be part of the first name: `REDIS_URL` was ignored. */
function parse(bytes: Buffer): DotEnv['values'] {
  if (isUtf16(bytes)) throw new OnboardError('E_CONFIG', '.env is UTF-16: save it as UTF-8');
  return parseEnv(bytes.toString('utf8').replace(/^\ufeff/, ''));
}

/** Whether a text begins with the mark of UTF-16, or has the zero bytes of its ASCII letters. */
function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff' || bytes.subarray(0, 1000).includes(0);
}

function faultOf(found: Stats): string | undefined {
  if (!found.isFile()) return 'it is not a file: remove it';
  const own = process.getuid?.();
  if (own !== undefined && found.uid !== own) {
    return `it belongs to user ${found.uid}, and this command runs as user ${own}: copy it to a file of your own`;
  }
  return found.mode & 0o022 ? 'other users may write to it: run chmod go-w .env' : undefined;
}

function ignored(reason: string): DotEnv {
  return { values: {}, ignored: `.env is ignored, because ${reason}` };
}
