import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { OnboardError } from '../../errors.ts';

/** Executables of a private Redis, in order of preference (watchdog.ts). */
const SERVERS = ['redis-server', 'valkey-server'];

/** Whether this PATH has one of them. */
export async function hasServer(path = ''): Promise<boolean> {
  const places = path.split(delimiter).filter((folder) => folder !== '');
  const files = places.flatMap((folder) => SERVERS.map((server) => join(folder, server)));
  const found = await Promise.all(
    files.map((file) =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** The error without one of them. */
export function missingServer(): OnboardError {
  return new OnboardError(
    'E_REDIS_MISSING',
    'no redis-server or valkey-server on PATH: run ./scripts/setup.sh, or set REDIS_URL to a running Redis',
  );
}
