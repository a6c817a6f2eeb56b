import type { Child } from 'hono/jsx';
import { answerPage, type Frame } from '../pages/answer-page.tsx';
import type { ConsoleContext } from '../route.ts';
import { landing } from './landing.ts';

/** Why somebody is not signed in. */
export interface Refusal {
  status: 401 | 429;
  text: string;
}

interface SignIn {
  /** Fields of the form. */
  fields: Child;
  /** How to get what the fields ask for. */
  help: Child;
  refusal?: Refusal | undefined;
}

/** The page with the form that signs in. */
export function answerSignIn(frame: Frame, c: ConsoleContext, { fields, help, refusal }: SignIn) {
  // Absent when nobody is signed in; a second sign-in replaces the first session.
  const viewer = c.get('viewer') ?? undefined;
  const to = landing(c);
  const action = to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`;
  const body = (
    <div class="narrow">
      <h1>Sign in</h1>
      <section class="card">
        {refusal === undefined ? null : (
          <p class="error" role="alert">
            {refusal.text}
          </p>
        )}
        <form method="post" action={action} class="form" id="sign-in">
          {viewer === undefined ? null : <input type="hidden" name="token" value={viewer.token} />}
          {fields}
          <button type="submit" class="primary">
            Sign in
          </button>
        </form>
        <p class="muted">{help}</p>
      </section>
    </div>
  );
  return answerPage(frame, c, { title: 'Sign in', body }, refusal?.status ?? 200);
}

/** The refusal of an attempt that comes too soon after wrong ones. */
export function tooSoon(c: ConsoleContext, waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1000);
  c.header('Retry-After', String(seconds));
  return {
    status: 429,
    text: `Too many wrong attempts: wait ${seconds === 1 ? '1 second' : `${seconds} seconds`} and try again.`,
  };
}
