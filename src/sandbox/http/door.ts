import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerType } from '@hono/node-server';

/** Time between two tries to listen again, while another process has the port. */
const RETRY_MS = 50;

/** The listening socket of the sandbox: open, shut for an outage, or permanently closed. */
export class Door {
  readonly #server: ServerType;
  readonly #place: { host: string; port: number };
  #isShut = false;
  #isClosed = false;
  #work: Promise<void> = Promise.resolve();

  /** `server` is already listening at `place`. */
  constructor(server: ServerType, place: { host: string; port: number }) {
    this.#server = server;
    this.#place = place;
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
    const isWanted = !this.#isShut && !this.#isClosed;
    if (isWanted === this.#server.listening) return;
    if (isWanted) return this.#listen();
    const closed = once(this.#server, 'close');
    this.#server.close();
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    await closed;
  }

  async #listen(): Promise<void> {
    while (!this.#isShut && !this.#isClosed && !this.#server.listening) {
      const listening = once(this.#server, 'listening');
      this.#server.listen(this.#place.port, this.#place.host);
      await listening.catch(() => sleep(RETRY_MS));
    }
  }
}
