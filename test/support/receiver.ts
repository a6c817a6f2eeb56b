import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { listenOn } from './ports.ts';
import { onRelease } from './resources.ts';

/** One request to a receiver of notifications. */
interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** The status of its answers; `never` leaves requests unanswered. */
type Reply = { status: number; headers?: Record<string, string> } | 'never';

export interface Receiver {
  /** With a secret path, as in a Slack address. */
  url: string;
  received: Received[];
  /** The parsed bodies of all requests. */
  told(): Record<string, unknown>[];
  /** Sets the answer to all later requests. */
  reply: Reply;
}

/** The part of the address that no log, page or job may contain. */
export const HOOK_PATH = 'services/T0SECRET/B0SECRET/x0SECRET';

/** A receiver of notifications on this machine; closed after the test. */
export async function startReceiver(reply: Reply = { status: 200 }): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    received: [],
    told: () => receiver.received.map(({ body }) => JSON.parse(body)),
    reply,
  };
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    receiver.received.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    if (receiver.reply === 'never') return;
    const { status, headers = {} } = receiver.reply;
    response.writeHead(status, headers).end('thanks');
  });
  const port = await listenOn(server);
  onRelease(async () => {
    server.closeAllConnections();
    server.close();
    // A client may open one more connection while this one closes.
    await Promise.race([once(server, 'close'), pause(1000, undefined, { ref: false })]);
  });
  receiver.url = `http://127.0.0.1:${port}/${HOOK_PATH}`;
  return receiver;
}
