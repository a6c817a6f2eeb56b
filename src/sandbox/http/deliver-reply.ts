import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Reply } from './replies.ts';

/** Sends a reply, or resets or cuts the connection as the reply demands. */
export function deliver(reply: Reply, { incoming, outgoing }: HttpBindings): Response {
  const { status, headers, body } = reply;
  if (reply.wire === undefined) return new Response(body === '' ? null : body, { status, headers });
  if (reply.wire === 'reset') {
    incoming.socket.resetAndDestroy();
    return RESPONSE_ALREADY_SENT;
  }
  const bytes = Buffer.from(body);
  outgoing.writeHead(status, { ...headers, 'Content-Length': bytes.byteLength });
  // Waits until the first half is sent: destroying the socket drops its buffer.
  outgoing.write(bytes.subarray(0, bytes.byteLength >> 1), () => incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}
