import type { StatusCode } from 'hono/utils/http-status';
import type { Permission } from '../auth/roles.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { ConsoleContext } from '../route.ts';
import { answerPage, type Frame } from './answer-page.tsx';

interface Trouble {
  status: StatusCode;
  title: string;
  text: string;
}

/** A page that says what is wrong and what to do. */
export function answerError(deps: Frame, c: ConsoleContext, trouble: Trouble): Response {
  const { status, title, text } = trouble;
  const body = (
    <>
      <h1>{title}</h1>
      <section class="card">
        <p>{text}</p>
        <p>
          <a href="/">Overview</a>
        </p>
      </section>
    </>
  );
  return answerPage(deps, c, { title, body }, status);
}

export function answerMissing(deps: ConsoleDeps, c: ConsoleContext): Response {
  return answerError(deps, c, {
    status: 404,
    title: 'There is no such page',
    text: 'Check the address, or begin at the overview.',
  });
}

export function answerForbidden(deps: ConsoleDeps, c: ConsoleContext, what: Permission): Response {
  const { role } = c.get('viewer');
  return answerError(deps, c, {
    status: 403,
    title: 'Your role may not do this',
    text: `A ${role} may not do this (${what}). Ask somebody with a higher role; nothing was changed.`,
  });
}

/** For a form that is none of the session: nothing of it was obeyed. */
export function answerForeign(deps: Frame, c: ConsoleContext): Response {
  return answerError(deps, c, {
    status: 403,
    title: 'Nothing was changed',
    text: 'This form is not one of your present session. Go back, reload the page and send it again.',
  });
}

/** Instead of a page while Redis does not answer: no number of before is shown as one of now. */
export function redisAway(deps: ConsoleDeps, c: ConsoleContext, error: Error): Response {
  deps.logger.warn({ reason: error.name }, 'Redis does not answer the console');
  c.header('Retry-After', '5');
  const title = 'Redis does not answer';
  const body = (
    <>
      <section class="banner hold">
        <div>
          <h2>{title}</h2>
          <p>
            Nothing can be shown or changed until it does. Nobody is lost: work continues where it
            stopped. Check that Redis runs and that REDIS_URL is right, then{' '}
            <a href={c.req.path}>reload</a>.
          </p>
        </div>
      </section>
      <h1>No numbers</h1>
    </>
  );
  return answerPage(deps, c, { title, body }, 503);
}
