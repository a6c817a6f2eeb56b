import { HTTPException } from 'hono/http-exception';
import type { StatusCode } from 'hono/utils/http-status';
import { type ErrorCode, OnboardError } from '../errors.ts';
import { storeTrouble } from '../redis/trouble.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { loggedFault } from './logged-fault.ts';
import { answerError, redisAway } from './pages/error-pages.tsx';
import { answerGone } from './pages/gone-page.tsx';
import type { ConsoleContext } from './route.ts';

/** Errors about what a person asked for, with the status of their page; every other one is ours. */
const statuses: Partial<Record<ErrorCode, StatusCode>> = {
  E_USAGE: 400,
  E_BATCH_STATE: 409,
  E_BATCH_BUSY: 409,
  E_REFUSED: 409,
  E_PERSON_UNKNOWN: 404,
  E_PLAN_UNKNOWN: 404,
  E_UPLOAD: 400,
  E_UPLOAD_TOO_LARGE: 413,
  E_UPLOAD_BUSY: 503,
  E_DISK_FULL: 507,
  E_PORTAL: 502,
  E_REDIS_UNREACHABLE: 503,
  E_REDIS_REFUSES: 503,
};

/** Answers with a page about an error: its code, a sentence and what to do. */
export async function answerTrouble(
  deps: ConsoleDeps,
  c: ConsoleContext,
  error: Error,
): Promise<Response> {
  if (error instanceof HTTPException) return error.getResponse();
  if (storeTrouble(error) !== undefined) return redisAway(deps, c, error);
  if (!(error instanceof OnboardError)) {
    deps.logger.error({ ...loggedFault(error), path: c.req.routePath }, 'page failed');
    return answerError(deps, c, {
      status: 500,
      title: 'This page failed',
      text: 'E_INTERNAL: the log of the console has the reason.',
    });
  }
  const batch = c.req.param('id');
  if (error.code === 'E_BATCH_UNKNOWN' && batch !== undefined) return answerGone(deps, c, batch);
  const status = statuses[error.code] ?? 500;
  if (status === 500) deps.logger.error(loggedFault(error), 'page failed');
  const title = status === 409 ? 'Nothing was changed' : 'This cannot be done';
  return answerError(deps, c, { status, title, text: `${error.code}: ${error.message}` });
}
