// A portal for measuring alone: it answers every creation after a fixed time and counts. Written apart
// from the sandbox, so that it costs little. Its parent asks by IPC. Usage: stand-in.js LATENCY_MS
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const latencyMs = Number(process.argv[2] ?? 0);

/** When each creation came, ms since the epoch. */
const creations: number[] = [];
let inFlight = 0;
let mostInFlight = 0;

const account = (id: number, email: string) => ({
  id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  email,
  userName: email,
  displayName: 'Anna Example',
  firstName: 'Anna',
  lastName: 'Example',
  status: 1,
  activationStatus: 0,
  isAdmin: false,
  isRoomAdmin: false,
  isOwner: false,
  isVisitor: false,
  isCollaborator: true,
  groups: [],
});

/** Facts about the key and the portal that a worker asks for at its start. */
const facts: Record<string, unknown> = {
  '/api/2.0/keys/@self': { id: 'k', name: 'bench', isActive: true, permissions: ['*'] },
  '/api/2.0/people/@self': { ...account(0, 'owner@example.com'), isOwner: true, isAdmin: true },
};

function answer(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify({ response: value, count: 1, status: 0, statusCode: status });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function create(request: IncomingMessage, response: ServerResponse): void {
  creations.push(performance.timeOrigin + performance.now());
  inFlight += 1;
  mostInFlight = Math.max(mostInFlight, inFlight);
  let text = '';
  request.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const end = () => {
    inFlight -= 1;
    answer(response, 200, account(creations.length, JSON.parse(text).email));
  };
  request.on('end', () => (latencyMs === 0 ? end() : setTimeout(end, latencyMs)));
}

const server = createServer((request, response) => {
  const path = request.url?.split('?')[0] ?? '';
  if (request.method === 'POST' && path === '/api/2.0/people') create(request, response);
  else {
    request.resume();
    answer(response, 200, facts[path] ?? []);
  }
});

process.on('message', (asked) => {
  process.send?.(asked === 'count' ? creations.length : { creations, mostInFlight });
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const at = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}` });
});
