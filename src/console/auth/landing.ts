import type { ConsoleContext } from '../route.ts';

/** Any host: a path of this console leads to none but this one. */
const HERE = 'http://here.invalid';

/** Controls and backslashes, which browsers drop from an address or read as slashes. */
const ODD = /[\\\p{C}]/u;

/** The page of this console that an address names; undefined for one of another site. */
function localPage(address: string | undefined): string | undefined {
  if (address === undefined || ODD.test(address) || !/^\/(?!\/)/.test(address)) return undefined;
  const url = URL.canParse(address, HERE) ? new URL(address, HERE) : undefined;
  if (url?.origin !== HERE || url.pathname.startsWith('//')) return undefined;
  return url.pathname.startsWith('/sign-') ? undefined : url.pathname + url.search;
}

/** The address of the sign-in page, which remembers the page that somebody asked for. */
export function signInAddress(c: ConsoleContext): string {
  const { pathname, search } = new URL(c.req.url);
  const isPage = c.req.method === 'GET' && pathname !== '/' && !pathname.endsWith('/live');
  const page = isPage ? localPage(pathname + search) : undefined;
  return page === undefined ? '/sign-in' : `/sign-in?to=${encodeURIComponent(page)}`;
}

/** The page on which somebody lands who has signed in. */
export function landing(c: ConsoleContext): string {
  return localPage(c.req.query('to')) ?? '/';
}
