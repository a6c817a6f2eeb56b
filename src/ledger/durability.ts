import type { Ledger } from './ledger.ts';

/**
 * Whether Redis writes an append-only file, so that a crash loses seconds at most; undefined where
 * it does not say, or the user may not ask.
 */
export async function isDurable({ redis }: Pick<Ledger, 'redis'>): Promise<boolean | undefined> {
  const info = await redis.info('persistence').catch((error) => {
    if (error instanceof Error && error.name === 'ReplyError') return '';
    throw error;
  });
  const enabled = /^aof_enabled:(\d)/m.exec(info)?.[1];
  return enabled === undefined ? undefined : enabled === '1';
}
