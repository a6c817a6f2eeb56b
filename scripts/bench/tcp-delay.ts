// A proxy on loopback that delays both directions, for a Redis that is not near.
// Usage: tcp-delay.js PORT DELAY_MS (each way)
import { connect, createServer, type Socket } from 'node:net';

const [port = '0', delayMs = '0'] = process.argv.slice(2);

/** Bytes keep their order: timers of one length fire in the order they were set. */
function forward(from: Socket, to: Socket): void {
  from.on('data', (bytes) => setTimeout(() => to.write(bytes), Number(delayMs)));
  from.on('close', () => setTimeout(() => to.destroy(), Number(delayMs)));
  from.on('error', () => to.destroy());
}

const server = createServer((near) => {
  const far = connect(Number(port), '127.0.0.1');
  for (const socket of [near, far]) socket.setNoDelay(true);
  forward(near, far);
  forward(far, near);
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const at = server.address();
  process.send?.({ url: `redis://127.0.0.1:${typeof at === 'object' ? at?.port : ''}` });
});
