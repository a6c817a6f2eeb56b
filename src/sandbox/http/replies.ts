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

const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_TYPE = 'application/problem+json';

/** Titles and RFC 9110 sections of problem documents. */
const problems: Readonly<Record<number, { title: string; section: string }>> = {
  400: { title: 'One or more validation errors occurred.', section: '15.5.1' },
  403: { title: 'Forbidden', section: '15.5.4' },
  404: { title: 'Not Found', section: '15.5.5' },
  415: { title: 'Unsupported Media Type', section: '15.5.16' },
};

/**
 * The success envelope (P-SUCCESS-01); `count` is the length of a list unless given (P-SUCCESS-02).
 */
export function successReply(link: Link, response: unknown, count?: number): Reply {
  const length = Array.isArray(response) ? response.length : 1;
  const envelope = { response, count: count ?? length, links: [link], status: 0, statusCode: 200 };
  return { status: 200, headers: { 'Content-Type': JSON_TYPE }, body: JSON.stringify(envelope) };
}

/** Shape A: an exception of the portal. */
export function exceptionReply(error: PortalError): Reply {
  const { message, type, hresult } = error;
  const stack = `   at ${type.startsWith('ASC.') ? type : 'ASC.People.Api.UserController'}.Throw()`;
  const body = { error: { message, type, stack, hresult }, status: 1, statusCode: error.status };
  const headers = {
    'Content-Type': JSON_TYPE,
    'Cache-Control': 'no-cache,no-store',
    Pragma: 'no-cache',
    Expires: '-1',
  };
  return { status: error.status, headers, body: JSON.stringify(body) };
}

/** Shape B: a validation problem inside the success wrapper. */
export function validationReply(error: ValidationError, link: Link, traceId: string): Reply {
  const response = { ...problem(400), errors: error.errors, traceId };
  return wrappedProblem(400, { response, link, status: 1, statusCode: 400 });
}

/** HTTP 415, whose wrapper says 0 and 200 (P-ERROR-06). */
export function mediaTypeReply(link: Link, traceId: string): Reply {
  const response = { ...problem(415), traceId };
  return wrappedProblem(415, { response, link, status: 0, statusCode: 200 });
}

/** Shape C: a problem document without a wrapper; 402 has neither title nor type. */
export function problemReply(status: 402 | 403 | 404, traceId: string): Reply {
  const body = JSON.stringify({ ...problem(status), traceId });
  return { status, headers: { 'Content-Type': PROBLEM_TYPE }, body };
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
  return { status: 0, headers: {}, body: '', wire: 'reset' };
}

function problem(status: number): { type?: string; title?: string; status: number } {
  const known = problems[status];
  if (known === undefined) return { status };
  const type = `https://tools.ietf.org/html/rfc9110#section-${known.section}`;
  return { type, title: known.title, status };
}

interface WrappedProblem {
  response: object;
  link: Link;
  status: number;
  statusCode: number;
}

function wrappedProblem(httpStatus: number, parts: WrappedProblem): Reply {
  const { response, link, status, statusCode } = parts;
  const body = JSON.stringify({ response, count: 1, links: [link], status, statusCode });
  return {
    status: httpStatus,
    headers: { 'Content-Type': `${PROBLEM_TYPE}; charset=utf-8` },
    body,
  };
}
