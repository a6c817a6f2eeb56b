import { readActivity, toAction } from '../../overview/activity.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ActivityPage } from '../pages/activity-page.tsx';
import { answerPage } from '../pages/answer-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';

const SIZE = 50;

/** The action log: of one batch, also after it was purged, or of all. */
export function activityRoutes(deps: ConsoleDeps): Route[] {
  const handle = (c: ConsoleContext) => showActivity(deps, c);
  return [
    { method: 'GET', path: '/activity', needs: 'read', handle },
    { method: 'GET', path: '/batches/:id/activity', needs: 'read', handle },
  ];
}

async function showActivity(deps: ConsoleDeps, c: ConsoleContext) {
  const { readable, now } = deps;
  const batch = c.req.param('id');
  const name = (c.req.query('name') ?? '').trim();
  const action = toAction(c.req.query('action'));
  const before = c.req.query('before');
  const asked = { batch, name: name || undefined, action, before, size: SIZE };
  const [activity, standing] = await Promise.all([
    readActivity(readable, asked),
    readStanding(readable, now()),
  ]);
  const given = Object.entries({ name, action: action ?? '', before: activity.next ?? '' });
  const query = new URLSearchParams(given.filter(([, value]) => value !== ''));
  const older = activity.next === undefined ? undefined : `?${query}`;
  const body = <ActivityPage {...{ activity, batch, name, action, older }} now={now()} />;
  const title = batch === undefined ? 'Activity' : `Activity of ${batch}`;
  return answerPage(deps, c, { title, nav: '/activity', standing, body });
}
