import { Agent, type Dispatcher, request } from 'undici';
import { defined } from '../defined.ts';
import type { Timings } from '../timings.ts';
import { waitOf } from './retry-after.ts';
import { signatureOf } from './signature.ts';

/** What became of one attempt. Codes hold nothing of the address, because jobs and logs show them. */
export type Delivery =
  | { kind: 'delivered' }
  /** Nothing that time mends: a redirect, or a 4xx but 408 and 429. */
  | { kind: 'refused'; code: string }
  /** Not before `waitMs` again. */
  | { kind: 'not-delivered'; code: string; waitMs: number };

interface Message {
  url: string;
  /** JSON. */
  body: string;
  /** The same for every attempt, so that a receiver can tell a second delivery. */
  id: string;
}

/** Sends notifications over HTTP. */
export interface Notifier {
  /** One attempt; never rejects, and is over after the timeout. Redirects are not followed. */
  send(message: Message): Promise<Delivery>;
  close(): Promise<void>;
}

interface Settings {
  /** Signs each request; absent, they are not signed. */
  secret: () => string | undefined;
  timings: Timings;
  /** ms since the epoch. */
  now: () => number;
}

/** A notifier with connections of its own. */
export function createNotifier({ secret, timings, now }: Settings): Notifier {
  const dispatcher = new Agent({ keepAliveTimeout: timings.notifyKeptOpenMs });
  return {
    async send({ url, body, id }) {
      const headers = headersOf({ body, id }, { secret: secret(), now: now() });
      const signal = AbortSignal.timeout(timings.notifyTimeoutMs);
      try {
        const call = { method: 'POST', headers, body, dispatcher, signal } as const;
        const answer = await request(url, call);
        // A receiver that has answered is not asked again because its text was cut off.
        await answer.body.dump().catch(() => undefined);
        return deliveryOf(answer, now());
      } catch (error) {
        return { kind: 'not-delivered', code: codeOf(error), waitMs: 0 };
      }
    },
    close: () => dispatcher.close(),
  };
}

function headersOf(
  { body, id }: Omit<Message, 'url'>,
  { secret, now }: { secret: string | undefined; now: number },
): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  return defined({
    'content-type': 'application/json',
    'user-agent': 'docspace-onboard',
    'x-onboard-delivery': id,
    'x-onboard-timestamp': String(timestamp),
    'x-onboard-signature': secret && signatureOf(secret, { timestamp, body }),
  });
}

function deliveryOf({ statusCode, headers }: Dispatcher.ResponseData, now: number): Delivery {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'delivered' };
  const code = `http-${statusCode}`;
  const mayPass = statusCode >= 500 || statusCode === 408 || statusCode === 429;
  if (!mayPass) return { kind: 'refused', code };
  return { kind: 'not-delivered', code, waitMs: waitOf(headers['retry-after'], now) };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no-answer';
  if (error.name === 'TimeoutError') return 'timeout';
  const code = 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z\d_]*$/.test(code) ? code.toLowerCase().replaceAll('_', '-') : 'no-answer';
}
