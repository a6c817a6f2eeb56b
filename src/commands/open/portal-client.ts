import { createPortal, type Portal } from '../../portal/client.ts';
import type { Context } from '../context.ts';

/** The portal's client; closed with the command. */
export function openPortal({ io, config, logger, closers }: Context): Portal {
  const portal = createPortal({
    baseUrl: config.portalUrl,
    apiKey: config.apiKey,
    proxies: config.proxies(),
    requestTimeoutMs: config.requestTimeoutMs,
    connections: config.concurrency + 1,
    logger,
    random: Math.random,
    now: Date.now,
    timings: io.timings,
  });
  closers.add('portal', () => portal.close());
  return portal;
}
