import { describe, expect, it } from 'vitest';
import { type Answer, call, openSandbox, person, post } from './support.ts';

const json = JSON.stringify(person());

function expectShapeB(answer: Answer, key: string): void {
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(Object.keys(answer.json)).toEqual(['response', 'count', 'links', 'status', 'statusCode']);
  expect(answer.json).toMatchObject({
    response: {
      type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
      title: 'One or more validation errors occurred.',
      status: 400,
      traceId: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    },
    count: 1,
    links: [{ action: 'POST' }],
    status: 1,
    statusCode: 400,
  });
  const { errors } = Object(answer.json.response);
  expect(Object.keys(errors)).toEqual([key]);
}

describe('the content type of a body', () => {
  const accepted = [
    'application/json',
    'text/json',
    'application/vnd.api+json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
  ];

  it.each(accepted)('is taken: %s', async (type) => {
    const headers = { 'Content-Type': type };
    const answer = await call(await openSandbox(), 'POST /people', { raw: json, headers });
    expect(answer.status).toBe(200);
  });

  const refused = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=iso-8859-1',
    '',
  ];

  it.each(refused)('is refused with a 415 whose body says 200: "%s"', async (type) => {
    const headers = { 'Content-Type': type };
    const answer = await call(await openSandbox(), 'POST /people', { raw: json, headers });
    expect(answer.status).toBe(415);
    expect(answer.json).toMatchObject({ status: 0, statusCode: 200, response: { status: 415 } });
  });

  it('may be UTF-16', async () => {
    const headers = { 'Content-Type': 'application/json; charset=utf-16' };
    const raw = new Uint8Array(Buffer.from(json, 'utf16le'));
    const answer = await call(await openSandbox(), 'POST /people', { raw, headers });
    expect(answer.json.response).toMatchObject({ lastName: "O'Neil" });
  });
});

describe('a body that does not bind', () => {
  const headers = { 'Content-Type': 'application/json' };
  const malformed: [string, string, string][] = [
    ['empty', '', ''],
    ['null', 'null', ''],
    ['cut off', json.slice(0, -5), '$'],
    ['with a trailing comma', '{"email":"a@b.example",}', '$'],
    ['a list', '[]', '$'],
    ['a string', '"a@b.example"', '$'],
  ];

  it.each(malformed)('is answered in shape B: %s', async (_, raw, key) => {
    const answer = await call(await openSandbox(), 'POST /people', { raw, headers });
    expectShapeB(answer, key);
  });

  it('is answered in shape B when it is not UTF-8', async () => {
    const raw = new Uint8Array([0x7b, 0xff, 0x7d]);
    expectShapeB(await call(await openSandbox(), 'POST /people', { raw, headers }), '$');
  });

  const fields: [string, Record<string, unknown>, string][] = [
    ['a number for the address', { email: 5 }, '$.email'],
    ['a list for the first name', { firstName: [] }, '$.firstName'],
    ['a type that is none', { type: 'Boss' }, '$.type'],
    ['null for the type', { type: null }, '$.type'],
    ['a half for the type', { type: 1.5 }, '$.type'],
    ['a department that is no id', { department: ['sales'] }, '$.department[0]'],
    ['a text for the departments', { department: 'sales' }, '$.department'],
    ['an address without @', { email: 'ana' }, 'Email'],
    ['an empty address', { email: '' }, 'Email'],
    ['two @', { email: 'a@b@c.example' }, 'Email'],
    ['@ at the end', { email: 'a@' }, 'Email'],
    ['a line break in the address', { email: 'a@b.example\nc' }, 'Email'],
    ['a long address', { email: `${'a'.repeat(250)}@b.example` }, 'Email'],
    ['a long first name', { firstName: 'a'.repeat(256) }, 'FirstName'],
    ['a long last name', { lastName: 'a'.repeat(256) }, 'LastName'],
  ];

  it.each(fields)('is answered in shape B for %s', async (_, sent, key) => {
    const sandbox = await openSandbox();
    expectShapeB(await post(sandbox, sent), key);
    expect(sandbox.state().accounts).toEqual([]);
  });

  it('names every field that is too long at once', async () => {
    const long = 'a'.repeat(256);
    const answer = await post(await openSandbox(), { firstName: long, lastName: long });
    const errors = Object(answer.json.response).errors;
    expect(Object.keys(errors)).toEqual(['FirstName', 'LastName']);
  });

  it('is a 500 over 30,000,000 bytes', async () => {
    const sandbox = await openSandbox();
    const raw = JSON.stringify(person({ comment: 'x'.repeat(30_000_000) }));
    const answer = await call(sandbox, 'POST /people', { raw, headers });
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ error: { message: expect.stringMatching(/large/) } });
  });
});
