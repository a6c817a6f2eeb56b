// A portal for measuring alone: it answers every creation after a fixed time and counts. Written apart
// from the sandbox, so that it costs little. Its parent asks by IPC. With PER_MINUTE it refuses what
// exceeds that number in any 60 s, as DocSpace does. Usage: stand-in.js LATENCY_MS [PER_MINUTE]
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const [latencyMs = 0, perMinute = 0] = process.argv.slice(2).map(Number);
const WINDOW_MS = 60_000;
/** Name of a client that is not measured, in this header. */
const OTHER = 'x-other-client';

/** When each creation came, ms since the epoch. */
const creations: number[] = [];
/** When each request of the measured client was refused, and when an invite was accepted. */
const refusals: number[] = [];
const invites: number[] = [];
let refusedOthers = 0;
let inFlight = 0;
let mostInFlight = 0;

/** Number of each account by its e-mail. */
const accounts = new Map<string, number>();

/** Times of the admitted requests of the last 60 s, oldest first from `oldest` on. */
let admitted: number[] = [];
let oldest = 0;

const clock = () => performance.timeOrigin + performance.now();

/** Whether the sliding limit takes a request now; one that is refused does not count. */
function admits(now: number): boolean {
  while ((admitted[oldest] ?? now) <= now - WINDOW_MS) oldest += 1;
  if (oldest > 10_000) {
    admitted = admitted.slice(oldest);
    oldest = 0;
  }
  if (admitted.length - oldest >= perMinute) return false;
  admitted.push(now);
  return true;
}

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
  creations.push(clock());
  inFlight += 1;
  mostInFlight = Math.max(mostInFlight, inFlight);
  let text = '';
  request.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const end = () => {
    inFlight -= 1;
    const { email } = JSON.parse(text);
    accounts.set(email, creations.length);
    answer(response, 200, account(creations.length, email));
  };
  request.on('end', () => (latencyMs === 0 ? end() : setTimeout(end, latencyMs)));
}

/** A person who was created, or 404 as DocSpace answers (P-LOOKUP-01). */
function lookUp(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const email = new URL(request.url ?? '', 'http://localhost').searchParams.get('email') ?? '';
  const id = accounts.get(email);
  if (id === undefined) answer(response, 404, null);
  else answer(response, 200, account(id, email));
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  if (request.headers[OTHER] === undefined) refusals.push(clock());
  else refusedOthers += 1;
  response.writeHead(429, {
    'content-length': 0,
    'x-ratelimit-limit': String(perMinute),
    'x-ratelimit-remaining': '0',
  });
  response.end();
}

const server = createServer((request, response) => {
  if (perMinute > 0 && !admits(clock())) {
    refuse(request, response);
    return;
  }
  const path = request.url?.split('?')[0] ?? '';
  if (path === '/api/2.0/people/invite') invites.push(clock());
  if (request.method === 'POST' && path === '/api/2.0/people') create(request, response);
  else if (path === '/api/2.0/people/email') lookUp(request, response);
  else {
    request.resume();
    answer(response, 200, facts[path] ?? []);
  }
});

process.on('message', (asked) => {
  const state = { creations, invites, refusals, refusedOthers, mostInFlight };
  process.send?.(asked === 'count' ? creations.length : state);
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const at = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}` });
});
