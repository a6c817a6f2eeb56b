import {
  type RunningSandbox,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/sandbox.ts';
import { onRelease } from '../support/resources.ts';

/** The answer: its text, and its JSON if it has any. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

export interface CallOptions {
  body?: unknown;
  /** Sent unchanged, instead of `body`. */
  raw?: string | Uint8Array<ArrayBuffer>;
  /** A key, or null for no Authorization header; the sandbox's first key when absent. */
  key?: string | null;
  headers?: Record<string, string>;
}

/** A sandbox without latency that is closed after the test. */
export async function openSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const sandbox = await startSandbox({ latencyMs: 0, ...options });
  onRelease(() => sandbox.close());
  return sandbox;
}

/** Sends `METHOD /path` (below /api/2.0 unless the path is whole) and reads the whole answer. */
export async function call(
  sandbox: RunningSandbox,
  request: string,
  options: CallOptions = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const target = /^\/(people|group|keys|settings|portal)\b/.test(path);
  const response = await fetch(`${sandbox.url}${target ? '/api/2.0' : ''}${path}`, {
    method,
    headers: headersOf(sandbox, options),
    ...bodyOf(options),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

function headersOf(sandbox: RunningSandbox, options: CallOptions): Record<string, string> {
  const key = options.key === undefined ? sandbox.key : options.key;
  return {
    ...(key !== null && { Authorization: `Bearer ${key}` }),
    ...('body' in options && { 'Content-Type': 'application/json' }),
    ...options.headers,
  };
}

function bodyOf({ body, raw }: CallOptions): { body?: string | Uint8Array<ArrayBuffer> } {
  if (raw !== undefined) return { body: raw };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A body that POST /people accepts. */
export function person(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    email: 'ana.oneil@example.com',
    firstName: 'Ana',
    lastName: "O'Neil",
    type: 'User',
    ...overrides,
  };
}

/** POST /people for one person. */
export function post(
  sandbox: RunningSandbox,
  overrides: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<Answer> {
  return call(sandbox, 'POST /people', { body: person(overrides), ...options });
}

/** POST /people/invite for some entries. */
export function invite(
  sandbox: RunningSandbox,
  invitations: unknown,
  options: CallOptions & { culture?: string } = {},
): Promise<Answer> {
  const { culture, ...rest } = options;
  const body = { invitations, ...(culture !== undefined && { culture }) };
  return call(sandbox, 'POST /people/invite', { body, ...rest });
}

/** A clock that stands still until it is moved. */
export function clock(startAt = Date.UTC(2026, 6, 1)): {
  now: () => number;
  advance: (ms: number) => void;
} {
  let at = startAt;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}

/** The required members of a shape A body. */
export function shapeA(status: number, type: string, message?: string): object {
  const error = { type, ...(message !== undefined && { message }) };
  return { error, status: 1, statusCode: status };
}

/** Short names of the exception types in tests. */
export const types = {
  argument: 'System.ArgumentException',
  nullArgument: 'System.ArgumentNullException',
  security: 'System.Security.SecurityException',
  authorizing: 'ASC.Common.Security.Authorizing.AuthorizingException',
  operation: 'System.InvalidOperationException',
  format: 'System.FormatException',
  culture: 'System.Globalization.CultureNotFoundException',
  quota: 'ASC.Core.Tenants.TenantQuotaException',
  notFound: 'ASC.Common.Web.ItemNotFoundException',
  database: 'Microsoft.EntityFrameworkCore.DbUpdateException',
} as const;

/** POST /group, and the id of the new group. */
export async function addGroup(
  sandbox: RunningSandbox,
  groupName: string,
  members: readonly string[] = [],
): Promise<string> {
  const answer = await call(sandbox, 'POST /group', { body: { groupName, members } });
  return String(Object(answer.json.response).id);
}

/** The id of an account by its e-mail. */
export function idOf(sandbox: RunningSandbox, email: string): string {
  const { accounts, staff } = sandbox.state();
  return [...accounts, ...staff].find((one) => one.email === email)?.id ?? 'nobody';
}
