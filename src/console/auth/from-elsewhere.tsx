import { answerPage, type Frame } from '../pages/answer-page.tsx';
import type { ConsoleContext } from '../route.ts';

/**
 * Opens a page again that a link of another site led to, such as one in a chat. A browser sends the
 * cookie (SameSite=Strict) with no such request, so that somebody who is signed in would be asked to
 * sign in; the second request comes from this console. Undefined for every other request.
 */
export function openAgain(frame: Frame, c: ConsoleContext): Response | undefined {
  const isLink = c.req.header('sec-fetch-site') === 'cross-site';
  const isPage = c.req.header('sec-fetch-dest') === 'document' && c.req.method === 'GET';
  const { pathname, search } = new URL(c.req.url);
  // `//host` would lead to another site.
  if (!isLink || !isPage || pathname.startsWith('//')) return undefined;
  c.header('Refresh', `0; url=${pathname}${search}`);
  const body = (
    <>
      <h1>Opening the page</h1>
      <section class="card">
        <p>
          <a href={pathname + search}>Open the page</a>
        </p>
      </section>
    </>
  );
  return answerPage(frame, c, { title: 'Opening the page', body });
}
