import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';

/** Bytes of the largest file that is read: a list of users is some kilobytes. */
const MOST_BYTES = 1_048_576;

/** Text of a file, or why it must not be used. */
export type PrivateText = { text: string; fault?: never } | { fault: string; text?: never };

/**
 * Reads a file of secrets, which this user alone may read: another owner could change it, and a
 * group could copy it. A pipe is not waited for. `fault` has the fact and the remedy.
 */
export function readPrivate(path: string): PrivateText {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { fault: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})` };
  }
  try {
    const fault = faultOf(fstatSync(file));
    return fault === undefined ? { text: readFileSync(file, 'utf8') } : { fault };
  } catch (error) {
    return { fault: `cannot be read (${error instanceof Error ? error.message : String(error)})` };
  } finally {
    closeSync(file);
  }
}

function faultOf(found: Stats): string | undefined {
  if (!found.isFile()) return 'is not a file: name a file';
  const own = process.getuid?.();
  if (own !== undefined && found.uid !== own) {
    return `belongs to user ${found.uid}, and this command runs as user ${own}: make it a file of your own`;
  }
  if (found.size > MOST_BYTES) return 'is larger than 1 MiB: name a smaller file';
  return found.mode & 0o077 ? 'is open to other users: run chmod 600 on it' : undefined;
}
