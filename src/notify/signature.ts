import { createHmac } from 'node:crypto';

/**
 * `X-Onboard-Signature` of a body: HMAC-SHA256 over `<timestamp>.<body>`, hex. The timestamp (seconds
 * since the epoch, sent beside it) is signed too, so that a receiver can turn old requests away.
 */
export function signatureOf(
  secret: string,
  { timestamp, body }: { timestamp: number; body: string },
): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
