import { createConnection, createServer, type Socket } from 'node:net';
import { listenOn } from './ports.ts';
import { onRelease } from './resources.ts';

/** A network between two processes that a test can break. */
export interface TcpProxy {
  port: number;
  /** Sets the target of new connections. */
  target: number;
  /** Silently drops every packet of open and new connections. */
  cut(): void;
  /**
   * Lets new connections pass again. Earlier ones stay dead, as behind a firewall that has
   * forgotten them.
   */
  mend(): void;
  /** Ends every connection, as a failover of an address does. */
  reset(): void;
}

/** A loopback port that forwards to another one until the test cuts it; closed after the test. */
export async function startProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<{ near: Socket; far?: Socket }>();
  let isCut = false;
  const server = createServer((near) => {
    const pair: { near: Socket; far?: Socket } = { near };
    pairs.add(pair);
    near.on('error', () => undefined);
    if (isCut) {
      near.pause();
      return;
    }
    const far = createConnection(proxy.target, '127.0.0.1');
    pair.far = far;
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
  });
  const port = await listenOn(server);
  const end = () => {
    for (const { near, far } of pairs) {
      near.destroy();
      far?.destroy();
    }
    pairs.clear();
  };
  const proxy: TcpProxy = {
    port,
    target,
    cut: () => {
      isCut = true;
      for (const { near, far } of pairs) {
        near.unpipe();
        far?.unpipe();
        near.pause();
        far?.pause();
      }
    },
    mend: () => {
      isCut = false;
    },
    reset: end,
  };
  onRelease(() => {
    end();
    server.close();
  });
  return proxy;
}
