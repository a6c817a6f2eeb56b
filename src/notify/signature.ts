import { createHmac } from 'node:crypto';

/**
 * `X-Onboard-Signature` of a body: HMAC-SHA256 over `<timestamp>.<body>`, hex. The timestamp
 * (seconds since the epoch, in a header) is signed too, so that a receiver can reject old requests.
 */
export function signatureOf(
  secret: string,
  { timestamp, body }: { timestamp: number; body: string },
): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
