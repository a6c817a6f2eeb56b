import { pickFields } from './pick-fields.ts';
import type { PortalError, ValidationError } from './portal-exceptions.ts';

/** An answer before HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Effect on the connection instead: reset without an answer, or cut in the middle of the body. */
  readonly wire?: 'reset' | 'cut';
  /** An answer of the proxy, without the headers of the portal. */
  readonly isFromProxy?: true;
}

/** The `links` entry of every envelope: the whole request URL and its method. */
export interface Link {
  href: string;
  action: string;
}

const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };
/** Longest page of a list (P-GROUP-04). */
const MAX_PAGE = 100;
const PROBLEM_TYPE = 'application/problem+json';

/** Titles and RFC 9110 sections of problem documents; 402 has neither. */
const problems: Readonly<Record<number, readonly [title: string, section: string]>> = {
  400: ['One or more validation errors occurred.', '15.5.1'],
  403: ['Forbidden', '15.5.4'],
  404: ['Not Found', '15.5.5'],
  415: ['Unsupported Media Type', '15.5.16'],
};

/**
 * The success envelope (P-SUCCESS-01); `count` is the length of a list unless given (P-SUCCESS-02).
 */
export function successReply(
  link: Link,
  response: unknown,
  { count, total }: { count?: number; total?: number } = {},
): Reply {
  const length = Array.isArray(response) ? response.length : 1;
  const sizes = { count: count ?? length, total };
  const picked = pickFields(response, new URL(link.href).searchParams.get('fields'));
  const envelope = { response: picked, ...sizes, links: [link], status: 0, statusCode: 200 };
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(envelope) };
}

/** One page of a list, with the total: `count` (at most 100, the default) from `startIndex` on. */
export function pageReply<T>(
  { link, url }: { link: Link; url: URL },
  list: readonly T[],
  show: (one: T) => unknown,
): Reply {
  const number = (name: string): number => Number(url.searchParams.get(name) || Number.NaN);
  const from = Math.max(0, number('startIndex') || 0);
  const count = Math.min(Math.max(0, number('count') || MAX_PAGE), MAX_PAGE);
  return successReply(link, list.slice(from, from + count).map(show), { total: list.length });
}

/** Shape A: an exception of the portal. */
export function exceptionReply({ status, type, message, hresult }: PortalError): Reply {
  const stack = `   at ${type.startsWith('ASC.') ? type : 'ASC.People.Api.UserController'}.Throw()`;
  const body = { error: { message, type, stack, hresult }, status: 1, statusCode: status };
  const uncached = { 'Cache-Control': 'no-cache,no-store', Pragma: 'no-cache', Expires: '-1' };
  return { status, headers: { ...JSON_HEADERS, ...uncached }, body: JSON.stringify(body) };
}

/** Shape B: a problem inside the success wrapper, which says 0 and 200 for a 415 (P-ERROR-06). */
export function validationReply(error: ValidationError, link: Link, traceId: string): Reply {
  const { status, errors } = error;
  const response = { ...problem(status), errors, traceId };
  const codes = status === 415 ? { status: 0, statusCode: 200 } : { status: 1, statusCode: status };
  const body = JSON.stringify({ response, count: 1, links: [link], ...codes });
  return { status, headers: { 'Content-Type': `${PROBLEM_TYPE}; charset=utf-8` }, body };
}

/** Shape C: a problem document without a wrapper. */
export function problemReply(status: 402 | 403 | 404, traceId: string): Reply {
  const body = JSON.stringify({ ...problem(status), traceId });
  return { status, headers: { 'Content-Type': PROBLEM_TYPE }, body };
}

/** A bare sentence, as JSON for a client that asks for it (P-TENANT-05). */
export function sentenceReply(status: 403, sentence: string, accept: string): Reply {
  if (/json/i.test(accept))
    return { status, headers: JSON_HEADERS, body: JSON.stringify(sentence) };
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: sentence };
}

/** Shape D: no body. */
export function emptyReply(status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: '' };
}

/** The front proxy's page, which says 500 for every status (P-PROXY-01). */
export function proxyReply(status: 502 | 503): Reply {
  const body = '<html><head><title>Error</title></head><body><h1>500 Error!</h1></body></html>';
  return { status, headers: { 'Content-Type': 'text/html' }, body, isFromProxy: true };
}

/** A reset connection without an answer; status 0 is for the log. */
export function resetReply(): Reply {
  return { ...emptyReply(0), wire: 'reset' };
}

function problem(status: number): object {
  const [title, section] = problems[status] ?? [];
  const type = section && `https://tools.ietf.org/html/rfc9110#section-${section}`;
  return { type, title, status };
}
