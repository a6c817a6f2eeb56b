import { createConnection, type Socket } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { hasOwnSocket } from '../private/own-socket.ts';

/** Path that no socket can have, so that the client fails to connect and tries again. */
const NOWHERE = '/dev/null/absent';

/** Default of the client: a connection that does not close by itself is destroyed after it. */
const DISCONNECT_MS = 2000;

/**
 * Option for a client of a private Redis: each connection, also after a lost one, checks first that
 * the socket is ours. The owner may have left meanwhile, and another user may have made a socket.
 */
export function ownSocket(
  { AbstractConnector }: typeof import('ioredis'),
  path: string,
): Pick<RedisOptions, 'Connector'> {
  class OwnSocketConnector extends AbstractConnector {
    constructor() {
      super(DISCONNECT_MS);
    }

    async connect(): Promise<Socket> {
      this.connecting = true;
      const isThere = await hasOwnSocket(path);
      if (!this.connecting) throw new Error('Connection is closed.');
      const socket = createConnection(isThere ? path : NOWHERE);
      socket.once('error', (error) => {
        this.firstError = error;
      });
      this.stream = socket;
      return socket;
    }
  }
  return { Connector: OwnSocketConnector };
}
