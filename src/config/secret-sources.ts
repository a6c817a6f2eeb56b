/** Where a value is from. */
export type Source = 'the environment' | 'a file' | '.env';

type Values = Readonly<Record<string, string | undefined>>;

/**
 * Secrets, and the address that they are sent to or sign for. REDIS_URL has its password in itself;
 * the dashboard's password is not sent by this program.
 */
const TOGETHER = [
  { secret: 'DOCSPACE_API_KEY', address: 'DOCSPACE_URL' },
  { secret: 'DOCSPACE_API_KEY_FILE', address: 'DOCSPACE_URL' },
  { secret: 'ONBOARD_NOTIFY_SECRET', address: 'ONBOARD_NOTIFY_URL' },
] as const;

/**
 * Faults of a `.env` that would lead a secret of the environment to another address: the file is
 * that of the current folder, which the person who set the environment may not have written.
 */
export function strayFaults(env: Values, dotEnv: Values): string[] {
  return TOGETHER.filter(({ secret, address }) => {
    return env[secret] !== undefined && env[address] === undefined && dotEnv[address] !== undefined;
  }).map(
    ({ secret, address }) =>
      `${secret} is set in the environment, but ${address} only in .env, which must not lead it elsewhere: set ${address} in the environment too, or both in .env`,
  );
}

/** Where the portal's address and the key are from; undefined for a value that is not set. */
export function sourcesOf(env: Values, dotEnv: Values) {
  const from = (name: string): Source | undefined => {
    if (env[name] !== undefined) return 'the environment';
    return dotEnv[name] === undefined ? undefined : '.env';
  };
  const hasFile = from('DOCSPACE_API_KEY_FILE') !== undefined;
  const key: Source | undefined = hasFile ? 'a file' : from('DOCSPACE_API_KEY');
  return { address: from('DOCSPACE_URL'), key };
}
