import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { serve } from '../portal/fake-portal.ts';

/** A name that every portal refuses, in place of one that this portal alone refuses. */
const REFUSED_NAME = 'R2D2';

/**
 * A portal in front of a sandbox whose own rule for names is stricter than the default: it refuses
 * the person with this e-mail, in the sandbox's words. Returns its URL.
 */
export async function startStricterPortal(sandbox: RunningSandbox, email: string): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, { url: sandbox.url, email }).catch((error: Error) => {
      outgoing.destroy(error);
    });
  });
  return (await serve(server)).origin;
}

async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  to: { url: string; email: string },
): Promise<void> {
  const body = refusable(Buffer.concat(await incoming.toArray()).toString(), to.email);
  const headers = { ...incoming.headers, 'content-length': Buffer.byteLength(body) };
  const { method = 'GET' } = incoming;
  const onward = request(new URL(incoming.url ?? '/', to.url), { method, headers }).end(body);
  const [answer]: IncomingMessage[] = await once(onward, 'response');
  outgoing.writeHead(answer?.statusCode ?? 502, answer?.headers);
  answer?.pipe(outgoing);
}

function refusable(body: string, email: string): string {
  if (!body.includes(`"email":"${email}"`) || !body.includes('"firstName"')) return body;
  return JSON.stringify({ ...JSON.parse(body), firstName: REFUSED_NAME });
}
