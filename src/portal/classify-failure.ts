import type { FailureCode, TransportFailure } from './answer.ts';
import { stopped, unknownTexts } from './make-verdict.ts';
import type { UnknownCode, UnreachableCode, Verdict } from './verdict.ts';

const unreachableTexts: Readonly<Record<UnreachableCode, string>> = {
  'connection-refused': 'The portal refuses connections',
  'host-not-found': "The portal's host name cannot be resolved",
  'connect-timeout': 'The connection to the portal timed out',
  'tls-failed': 'The TLS handshake with the portal failed',
  'network-failed': 'The network to the portal failed',
  'not-sent': 'The request was given up before it was sent',
};

/** The meaning of a failure before and after the first byte was sent. */
const meanings: Readonly<Record<FailureCode, [unsent: UnreachableCode, sent: UnknownCode]>> = {
  timeout: ['not-sent', 'timeout'],
  aborted: ['not-sent', 'aborted'],
  truncated: ['not-sent', 'truncated'],
  reset: ['network-failed', 'reset'],
  'connection-refused': ['connection-refused', 'reset'],
  'host-not-found': ['host-not-found', 'reset'],
  'connect-timeout': ['connect-timeout', 'reset'],
  'tls-failed': ['tls-failed', 'reset'],
  'network-failed': ['network-failed', 'reset'],
  'certificate-refused': ['tls-failed', 'reset'],
  'key-unusable': ['not-sent', 'reset'],
};

/** The verdict on an exchange without an answer: what counts is whether anything was sent. */
export function classifyFailure({ code, sent, detail }: TransportFailure): Verdict<never> {
  if (code === 'certificate-refused') return stopped(code, { quote: detail });
  if (code === 'key-unusable') {
    return stopped('key-rejected', { quote: 'the key holds characters that no header can carry' });
  }
  const [unsentCode, sentCode] = meanings[code];
  const reason = (what: string) => (detail === undefined ? `${what}.` : `${what} (${detail}).`);
  return sent
    ? { kind: 'unknown', code: sentCode, reason: reason(unknownTexts[sentCode]) }
    : { kind: 'unreachable', code: unsentCode, reason: reason(unreachableTexts[unsentCode]) };
}
