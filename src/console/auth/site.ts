import type { Context } from 'hono';
import { isLocalRequest } from '../../loopback.ts';

/** The address under which browsers reach the console; Host and Origin are judged by it. */
export interface Site {
  /** Whether cookies are sent over https alone. */
  isSecure: boolean;
  /** Why a request is not for this console; undefined for one that is. */
  faultOf(c: Context): string | undefined;
  /** Whether a page of this console has the origin that a browser reports. */
  isOrigin(origin: string, c: Context): boolean;
}

/** A console of this machine alone. A page can point its own name at it, which Host shows. */
export function localSite({ isForwarded }: { isForwarded: boolean }): Site {
  return {
    isSecure: false,
    faultOf: (c) => {
      const headers = isForwarded ? {} : c.req.header();
      return isLocalRequest({ ...headers, host: hostOf(c) })
        ? undefined
        : 'This console serves its own machine alone: open it at http://localhost, without a proxy, or set CONSOLE_AUTH to users or proxy and CONSOLE_URL.';
    },
    isOrigin: (origin, c) => origin === `http://${hostOf(c)}`,
  };
}

/** A console that browsers reach at one address, through whatever is between. */
export function publicSite(url: URL): Site {
  return {
    isSecure: url.protocol === 'https:',
    faultOf: (c) =>
      hostOf(c) === url.host
        ? undefined
        : `This console is at ${url.origin} (CONSOLE_URL): open it there; a proxy must pass the Host header on.`,
    isOrigin: (origin) => origin === url.origin,
  };
}

function hostOf(c: Context): string {
  return (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
}
