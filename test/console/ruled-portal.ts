import { buffer } from 'node:stream/consumers';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { fakePortal } from '../portal/fake-portal.ts';

/** A portal in front of a sandbox whose rule for names (`userNameRegex`) can change. */
export async function ruledPortal(sandbox: RunningSandbox) {
  const rule: { names?: string } = {};
  const url = await fakePortal(async (request, response) => {
    const body = await buffer(request);
    const to = new URL(request.url ?? '/', sandbox.url);
    const { authorization = '' } = request.headers;
    const headers = { authorization, 'content-type': 'application/json' };
    const { method = 'GET' } = request;
    const answer = await fetch(to, { method, headers, ...(body.length > 0 && { body }) });
    const text = await answer.text();
    const changed =
      rule.names === undefined
        ? text
        : text.replace(/"userNameRegex":"(?:[^"\\]|\\.)*"/, `"userNameRegex":"${rule.names}"`);
    const date = answer.headers.get('date') ?? '';
    response.writeHead(answer.status, { 'content-type': 'application/json', date }).end(changed);
  });
  return { rule, url: url.origin };
}
