import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { parseEnv } from 'node:util';

/** A `.env` file: its variables, or why it is ignored. */
export interface DotEnv {
  values: Readonly<Record<string, string | undefined>>;
  ignored?: string;
}

/**
 * Reads the `.env` of the current folder, which may be one of somebody else: it can name the portal
 * and the Redis that people go to. A file that another user can have written is ignored; `ignored`
 * then has the reason and the remedy. A pipe is not waited for.
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
    return fault === undefined ? { values: parseEnv(readFileSync(file, 'utf8')) } : ignored(fault);
  } finally {
    closeSync(file);
  }
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
