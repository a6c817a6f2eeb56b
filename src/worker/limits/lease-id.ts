import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names a worker of this process; `unique` differs from those of all other workers. */
export function leaseId(unique: string): string {
  return `${place()} ${process.pid} ${unique}`;
}

/**
 * Whether the process of an id is dead for sure: it ran here, where processes can be looked up. After
 * a crash the next process then starts with the whole share.
 */
export function isDead(id: string): boolean {
  const [where, pid] = id.split(' ');
  if (where !== place() || !/^[1-9]\d*$/.test(pid ?? '')) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** The machine and, on Linux, the container: both have the same numbers for other processes. */
function place(): string {
  return `${encodeURIComponent(hostname())}/${namespaceOfPids()}`;
}

function namespaceOfPids(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '';
  }
}
