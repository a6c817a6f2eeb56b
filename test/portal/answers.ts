import type { HttpAnswer } from '../../src/portal/answer.ts';

const json = { 'content-type': 'application/json; charset=utf-8' };
const problemJson = { 'content-type': 'application/problem+json; charset=utf-8' };

/** A success: the envelope of P-SUCCESS-01. */
export function envelope(response: unknown, headers: Record<string, string> = {}): HttpAnswer {
  const body = { response, count: 1, links: [], status: 0, statusCode: 200 };
  return { status: 200, headers: { ...json, ...headers }, body: JSON.stringify(body) };
}

/** Shape A: an exception; without a type it is null, as for authentication exceptions. */
export function shapeA(status: number, message: string, type?: string): HttpAnswer {
  const error = { message, type: type ?? null, stack: null, hresult: 0 };
  return { status, headers: json, body: JSON.stringify({ error, status: 1, statusCode: status }) };
}

/** Shape B: a validation problem in a wrapper that looks like success. */
export function shapeB(errors: Record<string, string[]>): HttpAnswer {
  const title = 'One or more validation errors occurred.';
  const response = { type: 'about:blank', title, status: 400, errors, traceId: '00-1' };
  const body = { response, count: 1, links: [], status: 1, statusCode: 400 };
  return { status: 400, headers: problemJson, body: JSON.stringify(body) };
}

/** Shape C: plain problem details; 402 comes without a title. */
export function shapeC(status: number, title?: string): HttpAnswer {
  const body = {
    ...(title === undefined ? {} : { title, type: 'about:blank' }),
    status,
    traceId: '00-1',
  };
  return { status, headers: problemJson, body: JSON.stringify(body) };
}

/** Shape D, first form: no body. */
export function empty(status: number, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { 'content-length': '0', ...headers }, body: '' };
}

/** Shape D, second form: a page of nginx. */
export function html(status: number, headers: Record<string, string> = {}): HttpAnswer {
  const body = '<!DOCTYPE html><html><body><h1>500 Error!</h1></body></html>';
  return { status, headers: { 'content-type': 'text/html', ...headers }, body };
}

/** Anything else. */
export function raw(status: number, contentType: string, body: string): HttpAnswer {
  return { status, headers: { 'content-type': contentType }, body };
}

/** EmployeeFullDto of a new User (P-CREATE-18), without the members that nothing reads. */
export const accountDto = {
  firstName: 'Ana',
  lastName: "O'Neil",
  userName: 'ana.oneil',
  email: 'ana.oneil@example.com',
  status: 1,
  activationStatus: 2,
  department: '',
  isAdmin: false,
  isRoomAdmin: false,
  isLDAP: false,
  isOwner: false,
  isVisitor: false,
  isCollaborator: true,
  createdBy: { id: '9c2f0000-0000-4000-8000-000000000001', displayName: 'Admin User' },
  registrationDate: '2026-07-01T12:20:30.1234567+02:00',
  id: '5b1e8a52-0000-4000-8000-000000000002',
  displayName: 'Ana O&#39;Neil',
};
