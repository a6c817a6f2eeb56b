import { IncomingMessage, type Server } from 'node:http';

const MORE_TIME = 'more time';

/**
 * Cuts each request that has not arrived whole after `ms`, unless `giveTime` gave it more. Headers have
 * Node's own limit of 60 s. Node has one limit for all requests, and that of an upload would let
 * every other one hold a connection as long.
 */
export function limitRequests(server: Server, ms: number): void {
  server.requestTimeout = 0;
  server.prependListener('request', (request: IncomingMessage) => {
    const cut = () => {
      if (!request.complete) request.socket.destroy();
    };
    let timer = setTimeout(cut, ms);
    request.on(MORE_TIME, (more: number) => {
      clearTimeout(timer);
      timer = setTimeout(cut, more);
    });
    request.once('close', () => clearTimeout(timer));
  });
}

/** Gives a request more time, ms from now; does nothing without a request of Node. */
export function giveTime(request: unknown, ms: number): void {
  if (request instanceof IncomingMessage) request.emit(MORE_TIME, ms);
}
