import type { AccountType } from '../people/account-types.ts';
import { errorShape, fieldsShape, problemShape } from './error-bodies.ts';
import type { FailureCode } from './failure-code.ts';

/** The requests that are classified; one answer can mean something else for each. */
export type RequestKind =
  | 'create'
  | 'lookup'
  | 'invite'
  | 'resend'
  | 'set-type'
  | 'whoami'
  | 'self'
  | 'settings'
  | 'own-settings'
  | 'invitation-settings'
  | 'quota'
  | 'groups'
  | 'create-group'
  | 'add-members'
  | 'cultures';

/** The facts of a request that its verdict depends on. */
export interface RequestFacts {
  kind: RequestKind;
  /** The type asked for by a creation; absent counts as User. */
  type?: AccountType | undefined;
}

/**
 * A failed exchange: `sent` is false only when not one byte of the request can have reached the
 * portal; `detail` is the system's error code (`ECONNREFUSED`), never a message.
 */
export interface TransportFailure {
  code: FailureCode;
  sent: boolean;
  detail?: string | undefined;
}

/** A whole answer. `elidedBytes` counts what was left out of the middle of a very long body. */
export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
  elidedBytes?: number | undefined;
}

/** The result of one exchange. */
export type Answer = HttpAnswer | { failure: TransportFailure };

/** A body by its shape: `error`, `fields` and `problem` (P-ERROR-01, -02, -03). */
export type Body =
  | { shape: 'envelope'; response: unknown; total?: number | undefined }
  | { shape: 'error'; message: string; type: string }
  | { shape: 'fields'; fields: Record<string, string[]> }
  | { shape: 'problem'; title: string }
  | { shape: 'text'; text: string }
  | { shape: 'html' | 'empty' | 'json' };

const FIRST_ERROR_STATUS = 400;

/** The body of an answer, recognised by what it holds: content types differ between proxies. */
export function readBody(answer: HttpAnswer): Body {
  const text = answer.body.trim();
  if (text === '') return { shape: 'empty' };
  if (text.startsWith('<') || /\bhtml\b/i.test(answer.headers['content-type'] ?? '')) {
    return { shape: 'html' };
  }
  // Two ends can happen to form valid JSON that was never sent.
  if (answer.elidedBytes !== undefined) return { shape: 'json' };
  try {
    return readJson(JSON.parse(text), answer.status);
  } catch {
    return { shape: 'text', text };
  }
}

// Shape B is wrapped like a success, so only the HTTP status tells them apart.
function readJson(json: unknown, status: number): Body {
  if (typeof json === 'string') return { shape: 'text', text: json };
  const error = has(json, 'error') ? errorShape.safeParse(json) : undefined;
  if (error?.success) return { shape: 'error', ...error.data.error };
  if (status >= FIRST_ERROR_STATUS) {
    const fields = fieldsShape.safeParse(json);
    if (fields.success) return { shape: 'fields', fields: fields.data };
  }
  if (hasResponse(json)) {
    const total = typeof json.total === 'number' ? json.total : undefined;
    return { shape: 'envelope', response: json.response, total };
  }
  const problem = problemShape.safeParse(json);
  return problem.success ? { shape: 'problem', title: problem.data.title } : { shape: 'json' };
}

function hasResponse(json: unknown): json is { response: unknown; total?: unknown } {
  return has(json, 'response');
}

function has(json: unknown, member: string): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, member);
}

/** The sentence in a body, for a quotation; empty when none is fit to be quoted. */
export function bodyText(body: Body): string {
  switch (body.shape) {
    case 'error':
      return body.message;
    case 'fields':
      return Object.entries(body.fields)
        .map(([key, texts]) => (key === '' ? texts.join(' ') : `${key}: ${texts.join(' ')}`))
        .join(' ');
    case 'problem':
      return body.title;
    case 'text':
      return body.text;
    case 'envelope':
    case 'html':
    case 'empty':
    case 'json':
      return '';
  }
}
