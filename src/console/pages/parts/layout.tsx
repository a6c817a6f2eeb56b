import type { Assets } from '../../assets.ts';
import { may, type Permission, type Role } from '../../auth/roles.ts';
import type { Viewer } from '../../auth/viewer.ts';
import type { Page } from '../page.ts';
import { Banners } from './banners.tsx';
import { Part } from './part.tsx';
import { Clock } from './time.tsx';

interface Frame {
  assets: Assets;
  portal: string | undefined;
  label: string | undefined;
  viewer: Viewer | undefined;
  /** ms since the epoch */
  now: number;
  /** The address of the page, with its query. */
  here: string;
  page: Page;
}

const navigation: readonly (readonly [href: string, text: string, needs?: Permission])[] = [
  ['/', 'Overview'],
  ['/batches', 'Batches'],
  ['/submit', 'Start a batch', 'plan'],
  ['/people', 'Find a person'],
  ['/activity', 'Activity'],
  ['/queues', 'Queues'],
  ['/system', 'System'],
  ['/help', 'Help'],
];

/** The frame of every page: header, banners, content, and how fresh the numbers are. */
export function Layout({ assets, portal, label, viewer, now, here, page }: Frame) {
  const name = label === undefined ? 'onboard' : `${label}, onboard`;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${page.title} · ${name}`}</title>
        <link rel="icon" href={`${assets.base}icon.svg`} />
        <link rel="stylesheet" href={`${assets.base}console.css`} />
        <script type="module" src={`${assets.base}page-script.js`} />
      </head>
      <body data-live={page.live}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            onboard
          </a>
          {label === undefined ? null : <bdi class="label">{label}</bdi>}
          {viewer === undefined ? (
            <span class="grow" />
          ) : (
            <Navigation current={page.nav} role={viewer.role} />
          )}
          <Who portal={portal} viewer={viewer} />
        </header>
        <main id="main" tabindex={-1}>
          <div id="notice" class="notice" hidden />
          {page.standing === undefined || viewer === undefined ? null : (
            <Part name="banners">
              <Banners standing={page.standing} reader={{ role: viewer.role, now }} />
            </Part>
          )}
          {page.body}
        </main>
        <p id="spoken" class="unseen" role="status" />
        <footer class="bottom">
          {page.readAt === undefined ? null : (
            <p id="fresh">
              Numbers of <Clock at={page.readAt} />. <a href={here}>Reload</a>
            </p>
          )}
        </footer>
      </body>
    </html>
  );
}

function Navigation({ current, role }: { current: string | undefined; role: Role }) {
  const shown = navigation.filter(([, , needs = 'read']) => may(role, needs));
  return (
    <nav aria-label="Pages">
      <ul>
        {shown.map(([href, text]) => (
          <li>
            <a href={href} aria-current={href === current ? 'page' : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Who({ portal, viewer }: Pick<Frame, 'portal' | 'viewer'>) {
  return (
    <div class="who">
      <bdi>{portal ?? 'no portal set'}</bdi>
      {viewer === undefined ? null : (
        <span>
          <bdi>{viewer.name}</bdi> · {viewer.role}{' '}
          {viewer.isOfProxy ? null : (
            <form method="post" action="/sign-out" class="inline">
              <input type="hidden" name="token" value={viewer.token} />
              <button type="submit" class="plain">
                Sign out
              </button>
            </form>
          )}
        </span>
      )}
    </div>
  );
}
