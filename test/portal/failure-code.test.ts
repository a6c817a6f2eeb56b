import { expect, it } from 'vitest';
import { failureOf } from '../../src/portal/failure-code.ts';

const withCode = (code: unknown) => Object.assign(new Error('to sk-secret at 10.0.0.1'), { code });

it.each([
  ['ECONNREFUSED', 'connection-refused'],
  ['ENOTFOUND', 'host-not-found'],
  ['EAI_AGAIN', 'host-not-found'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout'],
  ['ECONNRESET', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['HPE_INVALID_CONSTANT', 'reset'],
  ['EPROTO', 'tls-failed'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-failed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-refused'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-refused'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-refused'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-refused'],
  ['CERT_HAS_EXPIRED', 'certificate-refused'],
  ['EHOSTUNREACH', 'network-failed'],
  ['UND_ERR_CLOSED', 'aborted'],
])('takes %s for %s', (detail, code) => {
  expect(failureOf(withCode(detail))).toEqual({ code, detail });
});

it.each([
  ['an error without a code', new Error('to sk-secret')],
  ['an error whose code is a sentence', withCode('to sk-secret')],
  ['an error with a number for a code', withCode(-111)],
  ['something that is no error', 'sk-secret'],
])('repeats nothing of %s', (_what, thrown) => {
  expect(failureOf(thrown)).toEqual({ code: 'network-failed' });
});
