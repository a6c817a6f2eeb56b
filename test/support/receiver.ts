import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { listenOn } from './ports.ts';
import { onRelease } from './resources.ts';

/** One request as a receiver of notifications got it. */
interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** What it answers; `never` leaves the request unanswered. */
type Reply = { status: number; headers?: Record<string, string> } | 'never';

export interface Receiver {
  /** With a path that only tests know, as a Slack address has. */
  url: string;
  received: Received[];
  /** The bodies of all of them, parsed. */
  told(): Record<string, unknown>[];
  /** Answers everything from now on so. */
  reply: Reply;
}

/** What no log, page or job may hold. */
export const HOOK_PATH = 'services/T0SECRET/B0SECRET/x0SECRET';

/** Somebody on this machine who is told of batches; closed after the test. */
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
    // A client may open one more connection while this one goes.
    await Promise.race([once(server, 'close'), pause(1000, undefined, { ref: false })]);
  });
  receiver.url = `http://127.0.0.1:${port}/${HOOK_PATH}`;
  return receiver;
}
