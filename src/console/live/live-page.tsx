import type { JSX } from 'hono/jsx/jsx-runtime';
import { OnboardError } from '../../errors.ts';
import type { Permission } from '../auth/roles.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { Part } from '../pages/parts/part.tsx';
import type { ConsoleContext, Route } from '../route.ts';
import { firstHeard } from './hub.ts';
import { createRenderer, type Moment, type Parts, type Rendering } from './render-parts.tsx';
import { streamParts } from './stream-parts.tsx';

/** A page whose parts stay up to date. `T` is read once for everybody who watches. */
export interface LivePage<T extends Moment> extends Rendering<T> {
  path: string;
  /** `read` where it is absent. */
  needs?: Permission;
  /** The entry of the navigation that is marked. */
  nav: string;
  read(c: ConsoleContext): Promise<T>;
  /** Whether the next reading is due after a second, instead of five. */
  isMoving(value: T): boolean;
  title(value: T): string;
  /** The arrangement of the parts. */
  Body(props: { parts: Parts }): JSX.Element;
}

/** The field of a stream's address with the time of the page's reading, ms since the epoch. */
const SHOWN_AT = 'shown';

/** The page, and the stream that keeps it up to date. */
export function liveRoutes<T extends Moment>(deps: ConsoleDeps, page: LivePage<T>): Route[] {
  const render = createRenderer(page);
  const { needs = 'read' } = page;
  const watch = async (c: ConsoleContext) => {
    const { role } = c.get('viewer');
    // The address names what is read: everybody at one address shares a reading.
    const topic = { key: c.req.path, read: () => page.read(c), isMoving: page.isMoving };
    if (c.req.method === 'HEAD') return c.body(null);
    // A stream of a batch that does not exist would only fail again and again.
    const first = await firstHeard(deps.hub, topic);
    if (first.kind === 'failed' && first.error instanceof OnboardError) throw first.error;
    const shownAt = Number(c.req.query(SHOWN_AT) ?? 0);
    return streamParts(deps, c, { topic, render: (value: T) => render(value, role), shownAt });
  };
  return [
    { method: 'GET', path: page.path, needs, handle: (c) => showPage(deps, page, c) },
    { method: 'GET', path: liveAddress(page.path), needs, handle: watch },
  ];
}

function liveAddress(path: string): string {
  return path === '/' ? '/live' : `${path}/live`;
}

async function showPage<T extends Moment>(
  deps: ConsoleDeps,
  page: LivePage<T>,
  c: ConsoleContext,
): Promise<Response> {
  const value = await page.read(c);
  const reader = { role: c.get('viewer').role, now: value.now };
  const parts = Object.entries(page.parts(value, reader)).map(([name, content]) => {
    return [name, <Part name={name}>{content}</Part>] as const;
  });
  return answerPage(deps, c, {
    title: page.title(value),
    nav: page.nav,
    standing: value.standing,
    readAt: value.now,
    live: `${liveAddress(c.req.path)}?${SHOWN_AT}=${value.now}`,
    body: <page.Body parts={Object.fromEntries(parts)} />,
  });
}
