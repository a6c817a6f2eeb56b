import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerType } from '@hono/node-server';
import { messageOf, OnboardError } from '../../errors.ts';

/** Time between two tries to listen again, while another process has the port. */
const RETRY_MS = 50;

interface Place {
  host: string;
  port: number;
}

/** The listening socket of the sandbox: open, shut for an outage, or permanently closed. */
export class Door {
  readonly place: Readonly<Place>;
  readonly #server: ServerType;
  #isShut = false;
  #isClosed = false;
  #work: Promise<void> = Promise.resolve();

  private constructor(server: ServerType, place: Place) {
    this.#server = server;
    this.place = place;
  }

  /**
   * Listens at `place`; port 0 selects a free one.
   * @throws OnboardError E_PORT_IN_USE, or E_CONFIG for an invalid address
   */
  static async at(server: ServerType, place: Place): Promise<Door> {
    // nginx keeps idle connections for 75 s; Node's 5 s would cut a pooled connection during its use.
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = 75_000;
    server.listen(place.port, place.host);
    await once(server, 'listening').catch((error) => {
      throw listenError(error, place);
    });
    const address = server.address();
    const isTcp = typeof address === 'object' && address !== null;
    return new Door(server, isTcp ? { ...place, port: address.port } : place);
  }

  /**
   * Refuses new connections and cuts the others from the next turn of the event loop on, so that
   * the request for the outage still gets its answer.
   */
  shut(): void {
    this.#isShut = true;
    setImmediate(() => this.#follow());
  }

  /** Listens again at the same place. */
  open(): void {
    this.#isShut = false;
    setImmediate(() => this.#follow());
  }

  /** Stops listening permanently and cuts every connection; safe to call twice. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#follow();
  }

  /** Applies the last requested state to the socket, one change at a time. */
  #follow(): Promise<void> {
    this.#work = this.#work.then(() => this.#adjust());
    return this.#work;
  }

  async #adjust(): Promise<void> {
    while (this.#isWanted && !this.#server.listening) {
      const listening = once(this.#server, 'listening');
      this.#server.listen(this.place.port, this.place.host);
      await listening.catch(() => sleep(RETRY_MS));
    }
    if (this.#isWanted || !this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    await closed;
  }

  get #isWanted(): boolean {
    return !this.#isShut && !this.#isClosed;
  }
}

function listenError(cause: unknown, { host, port }: Place): OnboardError {
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const text = isTaken
    ? `Port ${port} of ${host} is in use: stop the process that listens there, or choose another port.`
    : `The sandbox cannot listen on ${host}:${port} (${messageOf(cause)}): choose another address.`;
  const code = isTaken ? 'E_PORT_IN_USE' : 'E_CONFIG';
  return new OnboardError(code, text, { cause, details: { host, port } });
}
