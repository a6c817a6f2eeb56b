import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { OnboardError } from '../../errors.ts';

/** Executables of a private Redis, in order of preference; the watchdog has the same. */
const SERVERS = ['redis-server', 'valkey-server'];

export async function hasServer(path = ''): Promise<boolean> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const files = folders.flatMap((folder) => SERVERS.map((server) => join(folder, server)));
  const checks = files.map((file) => access(file, constants.X_OK));
  return (await Promise.allSettled(checks)).some(({ status }) => status === 'fulfilled');
}

export function missingServer(): OnboardError {
  const text =
    'no redis-server or valkey-server on PATH: run ./scripts/setup.sh, or set REDIS_URL to a running Redis';
  return new OnboardError('E_REDIS_MISSING', text);
}
