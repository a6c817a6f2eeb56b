import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Queue } from 'bullmq';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { Logger } from '../process/logger.ts';
import { type Complaints, createComplaints } from '../redis/complaints.ts';
import type { Timings } from '../timings.ts';
import { buildHealth } from '../web/health.ts';
import { boundedQuery, loopbackOnly, readOnly, sameSite, withoutEmails } from './guards.ts';
import { type Credentials, passwordOf } from './wrong-passwords.ts';

export interface DashboardOptions {
  queues: readonly Queue[];
  /** User and password; without them, only requests addressed to this machine are answered. */
  credentials?: Credentials | undefined;
  isReady: () => Promise<boolean>;
  /** Reads the description of the queues, such as a hold; empty without any. */
  readBanner: () => Promise<string>;
  logger: Logger;
  timings: Timings;
  /** Those of the command. */
  complaints?: Complaints | undefined;
}

function complaintsOf({ logger, timings, complaints }: DashboardOptions): Complaints {
  const { complaintRepeatMs: repeatMs } = timings;
  return complaints ?? createComplaints({ logger, repeatMs, now: Date.now });
}

/**
 * Pages may load only from this server. bull-board sets styles from its scripts, hence
 * 'unsafe-inline'. Its link to Google's fonts is blocked, so that the visits stay private.
 */
const BOARD_POLICY = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/**
 * Builds the dashboard, without listening: bull-board on the queues, read-only, behind basic auth
 * if credentials are set; /healthz and /readyz are open to all.
 */
export function buildDashboard(options: DashboardOptions): Hono {
  const app = new Hono();
  const complaints = complaintsOf(options);
  // Hono would print the error with its stack, and ioredis attaches the command to it.
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    complaints.about(error, 'page failed');
    return c.text('Redis or a page failed: the log of the dashboard has the reason', 503);
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: BOARD_POLICY,
      // Useless over plain HTTP, and a TLS proxy sets its own.
      strictTransportSecurity: false,
      xFrameOptions: 'DENY',
    }),
  );
  app.route('/', buildHealth(options.isReady, options.timings));
  const { credentials } = options;
  app.use(sameSite);
  app.use(credentials === undefined ? loopbackOnly : passwordOf(credentials, options));
  app.use(readOnly, boundedQuery, withoutEmails);
  app.use('/api/*', (c, next) => {
    c.header('Cache-Control', 'no-store');
    return next();
  });
  app.route('/', buildBoard(app, options));
  return app;
}

type Board = Pick<DashboardOptions, 'queues' | 'readBanner'>;

/** The board alone, read-only, below `basePath` of another app that says who may see it. */
export function buildRawQueues(options: Board & { basePath: string }): Hono {
  const board = new Hono();
  board.use(readOnly, boundedQuery, withoutEmails);
  const app = new Hono();
  board.route('/', buildBoard(board, options));
  app.route(options.basePath, board);
  return app;
}

/** A queue on the board with a changing description. */
class DescribedQueue extends BullMQAdapter {
  readonly #banner: () => string;

  constructor(queue: Queue, banner: () => string) {
    super(queue, { readOnlyMode: true, allowRetries: false });
    this.#banner = banner;
  }

  override getDescription(): string {
    return this.#banner();
  }
}

/** Builds the board. It reads descriptions synchronously, so they are updated before each answer. */
function buildBoard(
  app: Hono,
  { queues, readBanner, basePath }: Board & { basePath?: string },
): Hono {
  const serverAdapter = new HonoAdapter(serveStatic);
  if (basePath !== undefined) serverAdapter.setBasePath(basePath);
  let banner = '';
  app.use('/api/queues', async (_, next) => {
    banner = await readBanner();
    return next();
  });
  createBullBoard({
    queues: queues.map((queue) => new DescribedQueue(queue, () => banner)),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'docspace-onboard', hideRedisDetails: true } },
  });
  return serverAdapter.registerPlugin();
}
