import type { FailureCode, TransportFailure } from './answer.ts';
import { stopped } from './holds.ts';
import type { UnknownCode, UnreachableCode, Verdict } from './verdict.ts';

const whatUnknown: Readonly<Partial<Record<UnknownCode, string>>> = {
  timeout: 'No answer came in time; the request may have taken effect',
  reset: 'The connection broke after sending; the request may have taken effect',
  truncated: 'The answer broke off; the request may have taken effect',
  aborted: 'The request was given up after sending; it may have taken effect',
};

const whatUnreachable: Readonly<Record<UnreachableCode, string>> = {
  'connection-refused': 'The portal refuses connections',
  'host-not-found': "The portal's host name cannot be resolved",
  'connect-timeout': 'No connection to the portal came about in time',
  'tls-failed': 'The TLS handshake with the portal failed',
  'network-failed': 'The network to the portal failed',
  'not-sent': 'The request was given up before it was sent',
};

/** The verdict on an exchange without an answer: what counts is whether anything was sent. */
export function classifyFailure(failure: TransportFailure): Verdict<never> {
  if (failure.code === 'certificate-refused')
    return stopped('certificate-refused', quoted(failure));
  if (failure.code === 'key-unusable') {
    return stopped('key-rejected', { quote: 'the key holds characters that no header can carry' });
  }
  if (failure.sent) {
    const code = sentCode(failure.code);
    return { kind: 'unknown', code, reason: explain(whatUnknown[code], failure) };
  }
  const code = unsentCode(failure.code);
  return { kind: 'unreachable', code, reason: explain(whatUnreachable[code], failure) };
}

function explain(what: string | undefined, failure: TransportFailure): string {
  return failure.detail === undefined ? `${what}.` : `${what} (${failure.detail}).`;
}

function quoted(failure: TransportFailure): { quote?: string } {
  return failure.detail === undefined ? {} : { quote: failure.detail };
}

function sentCode(code: FailureCode): UnknownCode {
  return code === 'timeout' || code === 'truncated' || code === 'aborted' ? code : 'reset';
}

function unsentCode(code: FailureCode): UnreachableCode {
  switch (code) {
    case 'timeout':
    case 'aborted':
    case 'truncated':
      return 'not-sent';
    case 'connection-refused':
    case 'host-not-found':
    case 'connect-timeout':
    case 'tls-failed':
      return code;
    default:
      return 'network-failed';
  }
}
