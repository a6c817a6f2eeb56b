import { OnboardError } from '../../errors.ts';
import { warning } from '../../preflight/check-result.ts';
import { jsonText } from '../../printable.ts';
import { hasServer, missingServer } from '../../redis/private/find-server.ts';
import { type Context, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { type LedgerStore, openIfThere } from '../open/ledger-store.ts';
import { checksFor, checksText } from './preflight.ts';
import { prepareFiles, type SubmissionFlags } from './prepare.ts';

/**
 * `onboard check [FILE…]`: whether Redis, the portal and the key are fit, and with files whether
 * they are fit for these. Changes nothing. Exit status 4 when it finds a fault.
 */
export function check(io: Io, files: readonly string[], flags: SubmissionFlags): Promise<number> {
  return withContext(io, { needs: ['portal'] }, async (context) => {
    const prepared = files.length === 0 ? undefined : await prepareFiles(context, files, flags);
    const checks = await checksFor(context, { store: await openOrError(context), prepared });
    if (context.config.apiKey() === '') checks.push(withoutKey());
    io.stdout.write(flags.json ? `${jsonText(checks)}\n` : checksText(checks));
    return checks.some(({ level }) => level === 'fault') ? exit.held : exit.ok;
  });
}

/** A Redis that cannot be opened, or started, is one of the lines. */
async function openOrError(context: Context): Promise<LedgerStore | OnboardError | undefined> {
  try {
    const store = await openIfThere(context);
    const canStart = store !== undefined || (await hasServer(context.io.env.PATH));
    return canStart ? store : missingServer();
  } catch (error) {
    if (error instanceof OnboardError) return error;
    throw error;
  }
}

function withoutKey() {
  const remedy = 'set DOCSPACE_API_KEY or DOCSPACE_API_KEY_FILE as the workers have it';
  return warning('key', 'without a key its rights and the limits are not checked', remedy);
}
