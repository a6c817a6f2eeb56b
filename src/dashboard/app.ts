import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Queue } from 'bullmq';
import { Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { secureHeaders } from 'hono/secure-headers';
import type { Timings } from '../timings.ts';
import { loopbackOnly, readOnly, withoutEmails } from './guards.ts';
import { buildHealth } from './health.ts';

export interface DashboardOptions {
  queues: readonly Queue[];
  /** Absent: no password, and only requests addressed to this machine are answered. */
  credentials?: { user: string; password: string } | undefined;
  /** Whether Redis answers, for /readyz. */
  isReady: () => Promise<boolean>;
  /** What a person should know who looks at a queue, such as a hold; empty when all is well. */
  readNotice: () => Promise<string>;
  timings: Timings;
}

/**
 * What the board's pages may load: only what this server sends. bull-board sets styles from its
 * scripts, hence 'unsafe-inline' for styles; its link to Google's fonts is blocked, so the system's
 * fonts are used and nobody learns who looks at the board.
 */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/**
 * The dashboard, not listening: bull-board on the queues, read-only, behind basic auth when there are
 * credentials; /healthz and /readyz are open to all.
 */
export function buildDashboard(options: DashboardOptions): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      // Sent over plain HTTP it means nothing, and behind a TLS proxy it is the proxy's to say.
      strictTransportSecurity: false,
      xFrameOptions: 'DENY',
    }),
  );
  app.route('/', buildHealth(options.isReady, options.timings));
  app.use(options.credentials === undefined ? loopbackOnly : passwordOf(options.credentials));
  app.use(readOnly, withoutEmails);
  app.use('/api/*', (c, next) => {
    c.header('Cache-Control', 'no-store');
    return next();
  });
  app.route('/', buildBoard(app, options));
  return app;
}

/** Hono compares both with a hash of each, in a time that does not depend on what is right. */
function passwordOf({ user, password }: { user: string; password: string }) {
  return basicAuth({ username: user, password, realm: 'docspace-onboard' });
}

/** A queue on the board, described by a notice that changes. */
class NoticedQueue extends BullMQAdapter {
  readonly #notice: () => string;

  constructor(queue: Queue, notice: () => string) {
    super(queue, { readOnlyMode: true, allowRetries: false });
    this.#notice = notice;
  }

  override getDescription(): string {
    return this.#notice();
  }
}

/** The board asks for descriptions without waiting, so the notice is read before each answer. */
function buildBoard(app: Hono, { queues, readNotice }: DashboardOptions): Hono {
  const serverAdapter = new HonoAdapter(serveStatic);
  let notice = '';
  app.use('/api/queues', async (_, next) => {
    notice = await readNotice();
    return next();
  });
  createBullBoard({
    queues: queues.map((queue) => new NoticedQueue(queue, () => notice)),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'docspace-onboard', hideRedisDetails: true } },
  });
  return serverAdapter.registerPlugin();
}
