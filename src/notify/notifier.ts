import { createHmac } from 'node:crypto';
import { type Dispatcher, request } from 'undici';
import { defined } from '../defined.ts';
import { hasProxy, openOutbound, type Proxies } from '../outbound/dispatcher.ts';
import { proxyFaultOf } from '../outbound/proxy-fault.ts';
import { retryAfterMs } from '../retry-after.ts';
import type { Timings } from '../timings.ts';

/** Attempts last about a day, and longer waits would use them up. */
const LONGEST_WAIT_MS = 3_600_000;

/** Result of one attempt. Codes never contain the address, because jobs and logs show them. */
export type Delivery =
  | { kind: 'delivered' }
  /** Permanent: a redirect, or a 4xx except for 408 and 429. */
  | { kind: 'refused'; code: string }
  /** Temporary; retry after at least `waitMs`. */
  | { kind: 'not-delivered'; code: string; waitMs: number };

interface Message {
  url: string;
  body: string;
  /** Equal for all attempts, so that a receiver can recognise a second delivery. */
  id: string;
}

export interface Notifier {
  /** Sends once; never rejects, and ends after the timeout. Redirects are not followed. */
  send(message: Message): Promise<Delivery>;
  close(): Promise<void>;
}

interface Settings {
  /** Returns undefined for requests without a signature. */
  secret: () => string | undefined;
  timings: Timings;
  /** Proxies for receivers on other machines. */
  proxies?: Proxies | undefined;
  /** The only certificate authority to trust, in PEM; the system's own when absent. */
  ca?: string | undefined;
  /** ms since the epoch. */
  now: () => number;
}

/** Makes a notifier with connections of its own. */
export function createNotifier({ secret, timings, now, proxies, ca }: Settings): Notifier {
  const options = { keepAliveTimeout: timings.notifyKeptOpenMs };
  const settings = { ca, connectTimeoutMs: timings.notifyTimeoutMs, options };
  const direct = openOutbound(settings);
  const proxied = openOutbound({ ...settings, proxies });
  return {
    async send({ url, body, id }) {
      const headers = headersOf({ body, id, secret: secret() }, now());
      const signal = AbortSignal.timeout(timings.notifyTimeoutMs);
      try {
        const dispatcher = hasProxy(new URL(url).hostname, proxies) ? proxied : direct;
        const call = { method: 'POST', headers, body, dispatcher, signal } as const;
        const answer = await request(url, call);
        // An answer whose text was cut off is still an answer.
        await answer.body.dump().catch(() => undefined);
        return deliveryOf(answer, now());
      } catch (error) {
        return { kind: 'not-delivered', code: codeOf(error), waitMs: 0 };
      }
    },
    close: async () => {
      await Promise.all([direct.close(), proxied.close()]);
    },
  };
}

type Signed = Omit<Message, 'url'> & { secret: string | undefined };

/**
 * Headers of Standard Webhooks (standardwebhooks.com). Id, timestamp (seconds since the epoch) and
 * body are signed together, so that a receiver can reject old requests, and a captured one under
 * another id. A point separates the three, hence none is in the id.
 */
function headersOf({ body, id, secret }: Signed, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const webhookId = id.replaceAll('.', '_');
  const signed = `${webhookId}.${timestamp}.${body}`;
  const signature = secret && createHmac('sha256', signingKey(secret)).update(signed);
  return defined({
    'content-type': 'application/json',
    'user-agent': 'docspace-onboard',
    'webhook-id': webhookId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature && `v1,${signature.digest('base64')}`,
  });
}

/** The bytes of `whsec_<base64>`; any other secret is its UTF-8 bytes. */
function signingKey(secret: string): Buffer {
  const [, encoded] = /^whsec_(.+)$/.exec(secret) ?? [];
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64');
}

function deliveryOf({ statusCode, headers }: Dispatcher.ResponseData, now: number): Delivery {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'delivered' };
  const code = `http-${statusCode}`;
  const mayPass = statusCode >= 500 || statusCode === 408 || statusCode === 429;
  if (!mayPass) return { kind: 'refused', code };
  const requestedMs = retryAfterMs([headers['retry-after']].flat()[0], now) ?? 0;
  return { kind: 'not-delivered', code, waitMs: Math.min(requestedMs, LONGEST_WAIT_MS) };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no-answer';
  if (error.name === 'TimeoutError') return 'timeout';
  const fault = proxyFaultOf(error);
  if (fault !== undefined) {
    return fault.kind === 'status' ? `proxy-http-${fault.status}` : 'proxy-unreachable';
  }
  const code = 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z\d_]*$/.test(code) ? code.toLowerCase().replaceAll('_', '-') : 'no-answer';
}
