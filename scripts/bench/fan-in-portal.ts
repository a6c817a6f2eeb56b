// A portal for `npm run bench:fan-in`, written apart from the product: it answers at once, checks
// nothing, and reports over IPC when it has created `near` and `last` people, and each invite.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Numbers of creations at which it speaks, counted from its start. */
let marks = { near: Number.POSITIVE_INFINITY, last: Number.POSITIVE_INFINITY };
let created = 0;
let lastAt = 0;

// The bench may end before it can stop this process.
process.on('disconnect', () => process.exit());
process.on('message', (message: typeof marks) => {
  marks = message;
  process.send?.({ what: 'marked', created });
});

function send(response: ServerResponse, value: unknown, ended?: () => void): void {
  const body = JSON.stringify({ response: value, count: 1, status: 0, statusCode: 200 });
  response.writeHead(200, { 'content-type': 'application/json' }).end(body, ended);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { email } = JSON.parse(await bodyOf(request));
  created += 1;
  const number = created;
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  send(response, { id, email, status: 1, isCollaborator: true }, () => {
    lastAt = performance.now();
    if (number === marks.near) process.send?.({ what: 'near' });
    if (number === marks.last) process.send?.({ what: 'last' });
  });
}

/** Counts entries without reading them as JSON: a large invite must not slow down this process. */
async function invite(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = performance.now();
  process.send?.({ what: 'invite', ms: at - lastAt });
  let bytes = 0;
  let people = 0;
  for await (const piece of request) {
    bytes += piece.length;
    for (const byte of piece) if (byte === 0x40) people += 1;
  }
  const wholeMs = performance.now() - lastAt;
  process.send?.({ what: 'invited', people, bytes, wholeMs });
  send(response, []);
}

const server = createServer((request, response) => {
  const what = `${request.method} ${request.url?.split('?')[0]}`;
  if (what === 'POST /api/2.0/people') void create(request, response);
  else if (what === 'POST /api/2.0/people/invite') void invite(request, response);
  else response.writeHead(404).end();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ what: 'ready', port: typeof address === 'object' ? address?.port : 0 });
});
