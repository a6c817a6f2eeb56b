import { type ProxyFault, proxyFaultOf } from '../outbound/proxy-fault.ts';
import type { UnknownCode, UnreachableCode } from './verdict.ts';

/** The meaning of a failure before and after the first byte was sent. */
export const meanings = {
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
  'proxy-unreachable': ['proxy-unreachable', 'reset'],
  'proxy-gateway': ['proxy-gateway', 'reset'],
  'proxy-login': ['proxy-gateway', 'reset'],
  'proxy-denied': ['proxy-gateway', 'reset'],
} as const satisfies Record<string, [unsent: UnreachableCode, sent: UnknownCode]>;

/** How an exchange ended without a whole answer. */
export type FailureCode = keyof typeof meanings;

const byCode: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: 'connection-refused',
  ENOTFOUND: 'host-not-found',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ETIMEDOUT: 'connect-timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_ABORTED: 'aborted',
  EPROTO: 'tls-failed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-refused',
  HOSTNAME_MISMATCH: 'certificate-refused',
  INVALID_CA: 'certificate-refused',
  INVALID_PURPOSE: 'certificate-refused',
  PATH_LENGTH_EXCEEDED: 'certificate-refused',
};

// OpenSSL's verification codes have no common prefix; these four cover what byCode does not.
const byPattern: readonly (readonly [RegExp, FailureCode])[] = [
  [/CERT_|_CERT$|^CERT|^CRL_|^UNABLE_TO_/, 'certificate-refused'],
  [/^EAI_/, 'host-not-found'],
  [/^ERR_(?:SSL|TLS)/, 'tls-failed'],
  [/^HPE_/, 'reset'],
];

/**
 * The meaning of an error of Node or undici for an exchange. `detail` is the error's own code and
 * never its message, which may repeat a header or an address.
 */
export function failureOf(error: unknown): {
  code: FailureCode;
  detail?: string | undefined;
} {
  const fault = proxyFaultOf(error);
  if (fault !== undefined) return ofProxy(fault);
  const detail = codeOf(error);
  if (detail === undefined) return { code: 'network-failed' };
  const pattern = byPattern.find(([expression]) => expression.test(detail));
  return { code: byCode[detail] ?? pattern?.[1] ?? 'network-failed', detail };
}

function ofProxy(fault: ProxyFault): { code: FailureCode; detail?: string | undefined } {
  if (fault.kind === 'unreachable') return { code: 'proxy-unreachable', detail: fault.detail };
  const { status } = fault;
  const code = status === 407 ? 'proxy-login' : status >= 500 ? 'proxy-gateway' : 'proxy-denied';
  return { code, detail: `HTTP ${status}` };
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[A-Z0-9_]+$/.test(error.code) ? error.code : undefined;
}
