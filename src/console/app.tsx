import { type Handler, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import { buildHealth } from '../web/health.ts';
import { answerTrouble } from './answer-trouble.ts';
import { serveAsset } from './assets.ts';
import { openAgain } from './auth/from-elsewhere.tsx';
import { signInAddress } from './auth/landing.ts';
import { may } from './auth/roles.ts';
import { isOurOwn, isOurSite } from './auth/same-origin.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { answerForbidden, answerForeign, answerMissing } from './pages/error-pages.tsx';
import type { ConsoleContext, ConsoleEnv, Route } from './route.ts';
import { allRoutes } from './routes/all-routes.ts';

/** Everything from this server, no script or style in a page, no frame around it. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Bytes of the largest form: 200 chosen rows take 4 kB. */
const MOST_BYTES = 65_536;

/** bull-board sets styles from its scripts, hence 'unsafe-inline'. */
const BOARD_POLICY = {
  ...CONTENT_SECURITY_POLICY,
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  formAction: ["'none'"],
};

/** The console as an app, without listening, and its table of routes. */
export function createConsole(deps: ConsoleDeps): { app: Hono<ConsoleEnv>; routes: Route[] } {
  const app = new Hono<ConsoleEnv>();
  const routes = allRoutes(deps);
  app.onError((error, c) => answerTrouble(deps, c, error));
  const [ours, board] = [headersWith(CONTENT_SECURITY_POLICY), headersWith(BOARD_POLICY)];
  app.use((c, next) => (c.req.path.startsWith('/queues/raw') ? board(c, next) : ours(c, next)));
  app.route('/', buildHealth(deps.isReady, deps.timings));
  app.use(async (c, next) => {
    const fault = deps.site.faultOf(c);
    return fault === undefined ? next() : c.text(fault, 403);
  });
  app.use(compress());
  app.get('/assets/:hash/:file', (c) => serveAsset(deps.assets, c));
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  const limited = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => c.text('this form is too large', 413),
  });
  for (const route of routes) {
    const limit: Handler<ConsoleEnv> = (c, next) =>
      hasFiles(route, c) ? next() : limited(c, next);
    app.on(route.method, route.path, limit, guarded(deps, route));
  }
  for (const [path, allow] of methodsOf(routes)) {
    app.all(path, (c) => c.text('this address does not take this method', 405, { allow }));
  }
  app.notFound(async (c) => {
    const viewer = await deps.auth.identify(c, { isActivity: false });
    if (viewer !== undefined) c.set('viewer', viewer);
    return answerMissing(deps, c);
  });
  return { app, routes };
}

/** The methods that each address takes, as the header `Allow` lists them. */
function methodsOf(routes: readonly Route[]): Map<string, string> {
  const methods = new Map<string, string>();
  for (const { path, method } of routes) {
    const known = methods.get(path);
    const own = method === 'GET' ? 'GET, HEAD' : method;
    methods.set(path, known === undefined ? own : `${known}, ${own}`);
  }
  return methods;
}

/** Whether a request is a form with files, which its route reads piece by piece. */
function hasFiles({ takesFiles }: Route, c: ConsoleContext): boolean {
  const type = c.req.header('content-type') ?? '';
  return takesFiles === true && type.startsWith('multipart/form-data');
}

function headersWith(contentSecurityPolicy: typeof CONTENT_SECURITY_POLICY) {
  return secureHeaders({
    contentSecurityPolicy,
    // A TLS proxy sets its own; over plain HTTP it means nothing.
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
    referrerPolicy: 'same-origin',
  });
}

/** The guards of a route, in this order: signed in, allowed, sent by a form of ours. */
function guarded(deps: ConsoleDeps, route: Route): Handler<ConsoleEnv> {
  return async (c: ConsoleContext) => {
    const viewer = await deps.auth.identify(c, { isActivity: !c.req.path.endsWith('/live') });
    if (viewer !== undefined) c.set('viewer', viewer);
    if (route.needs !== 'nothing') {
      if (viewer === undefined) {
        const answer = deps.auth.answerStranger?.(c) ?? openAgain(deps, c);
        return answer ?? c.redirect(signInAddress(c), 303);
      }
      if (!may(viewer.role, route.needs)) return answerForbidden(deps, c, route.needs);
    }
    const isOwn = hasFiles(route, c) ? isOurSite : isOurOwn;
    if (route.method === 'POST' && !(await isOwn(c, deps.site, viewer))) {
      return answerForeign(deps, c);
    }
    return route.handle(c);
  };
}
