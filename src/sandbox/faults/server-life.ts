import { setMaxListeners } from 'node:events';

/** A request whose process of the portal is gone: the connection is reset without an answer. */
export class ServerKilled extends Error {
  override readonly name = 'ServerKilled';
}

/** The process of the portal: each request belongs to the life in which it arrived. */
export class ServerLife {
  #current = newLife();

  /** Aborted when the process of this life is killed. */
  get signal(): AbortSignal {
    return this.#current.signal;
  }

  /** Kills the process; the next request belongs to the one that follows. */
  end(): void {
    const ended = this.#current;
    this.#current = newLife();
    ended.abort();
  }
}

function newLife(): AbortController {
  const life = new AbortController();
  // Every request in flight listens, and there is no limit of them.
  setMaxListeners(0, life.signal);
  return life;
}
