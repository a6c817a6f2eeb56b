import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { defined } from '../defined.ts';
import { isLoopback } from '../loopback.ts';
import { proxyUnreachable } from './proxy-fault.ts';

/** Proxies for requests to other machines, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name them. */
export interface Proxies {
  /** Addresses with `http://` or `https://`, user and password included. */
  https?: string | undefined;
  http?: string | undefined;
  /** Hosts that are reached directly, separated by commas; `*` for all. */
  none?: string | undefined;
}

export interface Outbound {
  proxies?: Proxies | undefined;
  /** The only certificate authority to trust for the target, in PEM. */
  ca?: string | undefined;
  /** Longest time for a connection, ms. */
  connectTimeoutMs: number;
  /** Options of undici for the connections to the target. */
  options: Omit<Agent.Options, 'connect' | 'factory'>;
}

type Connect = Exclude<Pool.Options['connect'], undefined>;

/** Whether requests to this host go through a proxy, NO_PROXY left aside: never to this machine. */
export function hasProxy(host: string, { https, http }: Proxies = {}): boolean {
  return (https ?? http) !== undefined && !isLoopback(host);
}

/**
 * A dispatcher for requests to other machines through the proxies, or directly without any. Both
 * certificates are checked, explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not disable it.
 */
export function openOutbound({ proxies, ...settings }: Outbound): Dispatcher {
  const { connectTimeoutMs: timeout, ca, options } = settings;
  const connect = { timeout, rejectUnauthorized: true, ...defined({ ca }) };
  if (proxies === undefined || (proxies.https ?? proxies.http) === undefined) {
    return new Agent({ ...options, connect });
  }
  return new EnvHttpProxyAgent({
    ...options,
    connect,
    requestTls: connect,
    proxyTls: { timeout, rejectUnauthorized: true },
    clientFactory: proxyPool(timeout),
    // An empty text, because undici would read the environment instead of an absent value.
    httpsProxy: proxies.https ?? '',
    httpProxy: proxies.http ?? '',
    noProxy: proxies.none ?? '',
  });
}

/**
 * Connections to the proxy itself: their errors are marked, because a proxy that refuses connections
 * would look like a portal that does. CONNECT is answered within the time of a connection.
 */
function proxyPool(timeoutMs: number) {
  return (origin: URL, { connect }: { connect?: Connect } = {}): Dispatcher => {
    if (typeof connect !== 'function') throw new TypeError('undici gives a connector');
    return new Pool(origin, {
      headersTimeout: timeoutMs,
      connect: (target, done) =>
        connect(target, (...ended) => {
          const [error] = ended;
          if (error === null) done(...ended);
          else done(proxyUnreachable(error), null);
        }),
    });
  };
}
