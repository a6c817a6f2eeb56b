import { OnboardError } from '../../errors.ts';
import { hasProxy } from '../../outbound/dispatcher.ts';
import { type Check, ok, warning } from '../../preflight/check-result.ts';
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
    const checks = await allChecks(context, { store: await openOrError(context), prepared });
    io.stdout.write(flags.json ? `${jsonText(checks)}\n` : checksText(checks));
    return checks.some(({ level }) => level === 'fault') ? exit.held : exit.ok;
  });
}

/** Every check, also those that no submission makes. */
export async function allChecks(
  context: Context,
  subject: Parameters<typeof checksFor>[1],
): Promise<Check[]> {
  const found = await checksFor(context, subject);
  const own = [sourcesCheck(context), ...proxyChecks(context), ...tlsChecks(context)];
  const without = context.config.apiKey() === '' ? [withoutKey()] : [];
  return [...own, ...found, ...without];
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

/** Where address and key are from: a `.env` of the current folder may be one of somebody else. */
function sourcesCheck({ config: { sources } }: Context): Check {
  const key = sources.key === undefined ? '' : `, the key from ${sources.key}`;
  return ok('sources', `the address of the portal is from ${sources.address}${key}`);
}

/** The proxy that the portal is asked through; NO_PROXY is for undici to read. */
function proxyChecks({ config }: Context): Check[] {
  const { https, http, none } = config.proxies();
  const address = https ?? http;
  if (address === undefined || !hasProxy(config.portalUrl.hostname, { https, http })) return [];
  const but = none === undefined ? '' : `, unless NO_PROXY names it (${none})`;
  const what = `requests to the portal go through the proxy ${new URL(address).host}${but}`;
  return [ok('proxy', what)];
}

/** This program checks certificates in spite of it; other programs of this environment may not. */
function tlsChecks({ io }: Context): Check[] {
  if (io.env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return [];
  const what =
    'NODE_TLS_REJECT_UNAUTHORIZED=0 is set, but certificates of portal, Redis and receivers are checked anyway';
  const remedy = 'unset it, and name a private authority in NODE_EXTRA_CA_CERTS';
  return [warning('tls', what, remedy)];
}

function withoutKey(): Check {
  const remedy = 'set DOCSPACE_API_KEY or DOCSPACE_API_KEY_FILE as the workers have it';
  return warning('key', 'without a key its rights and the limits are not checked', remedy);
}
