import type { StatusCode } from 'hono/utils/http-status';
import type { ConsoleDeps } from '../console-deps.ts';
import type { ConsoleContext } from '../route.ts';
import type { Page } from './page.ts';
import { Layout } from './parts/layout.tsx';

/** What the frame of a page shows. */
export type Frame = Pick<ConsoleDeps, 'assets' | 'portal' | 'label' | 'now'>;

/** Answers with a page in the frame that all pages have. */
export function answerPage(
  deps: Frame,
  c: ConsoleContext,
  page: Page,
  status: StatusCode = 200,
): Response {
  const { assets, portal, label, now } = deps;
  // Absent on pages for people who are not signed in.
  const viewer = c.get('viewer') ?? undefined;
  const { pathname, search } = new URL(c.req.url);
  const frame = {
    assets,
    portal,
    label,
    viewer,
    here: pathname + search,
    now: page.readAt ?? now(),
  };
  const text = String(<Layout {...frame} page={page} />);
  c.status(status);
  return c.html(`<!doctype html>${text}`);
}
