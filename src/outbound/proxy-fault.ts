import { codeOf } from '../errors.ts';

const UNREACHABLE = 'ERR_PROXY_UNREACHABLE';

/** Fault of a proxy: it could not be reached, or it answered CONNECT with another status than 200. */
export type ProxyFault =
  | { kind: 'unreachable'; detail?: string }
  | { kind: 'status'; status: number };

/** Marks the error of a connection to a proxy. */
export function proxyUnreachable(cause: Error): Error {
  return Object.assign(new Error('the proxy cannot be reached', { cause }), { code: UNREACHABLE });
}

/** The fault of a proxy behind an error of undici; undefined for every other error. */
export function proxyFaultOf(error: unknown): ProxyFault | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && error.code === UNREACHABLE) {
    const { cause } = error;
    const detail = codeOf(cause);
    return detail === undefined ? { kind: 'unreachable' } : { kind: 'unreachable', detail };
  }
  // undici gives the status in the text alone.
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  return status === undefined ? undefined : { kind: 'status', status: Number(status) };
}
