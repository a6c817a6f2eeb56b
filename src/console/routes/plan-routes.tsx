import { listColumns, rowsText } from '../../overview/rows-text.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { liveRoutes } from '../live/live-page.tsx';
import { answerPage } from '../pages/answer-page.tsx';
import { MapPage } from '../pages/map-page.tsx';
import { planPage } from '../pages/plan-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';
import { openRejected } from '../uploads/rejected-rows.ts';
import { fieldsOf } from './change-form.ts';
import { sendRows } from './download-routes.ts';
import { mappedOptions } from './map-form.ts';
import { noteShown } from './note-reading.ts';
import { openedUploads } from './opened-uploads.ts';

/** Plans: their pages, their columns, and the rows that stay out. */
export function planRoutes(deps: ConsoleDeps): Route[] {
  const map = '/plans/:key/map';
  return [
    ...liveRoutes(deps, planPage(deps)),
    { method: 'GET', path: map, needs: 'plan', handle: (c) => showMap(deps, c) },
    { method: 'POST', path: map, needs: 'plan', handle: (c) => planAgain(deps, c) },
    {
      method: 'GET',
      path: '/plans/:key/rejected.csv',
      needs: 'download',
      handle: (c) => downloadRejected(deps, c),
    },
  ];
}

async function showMap(deps: ConsoleDeps, c: ConsoleContext) {
  const record = await openedUploads(deps).plans.find(c.req.param('key') ?? '');
  const standing = await readStanding(deps.readable, deps.now());
  const body = <MapPage record={record} viewer={c.get('viewer')} />;
  return answerPage(deps, c, { title: 'Columns', nav: '/submit', standing, body });
}

async function planAgain(deps: ConsoleDeps, c: ConsoleContext) {
  const { plans } = openedUploads(deps);
  const key = c.req.param('key') ?? '';
  const record = await plans.find(key);
  const { name, role } = c.get('viewer');
  await plans.again(key, mappedOptions(record.options, await fieldsOf(c)), { name, role });
  return c.redirect(`/plans/${key}`, 303);
}

async function downloadRejected(deps: ConsoleDeps, c: ConsoleContext) {
  const { plans, rejectedOf } = openedUploads(deps);
  const record = await plans.find(c.req.param('key') ?? '');
  const batch = record.summary?.batch.id;
  if (c.req.method === 'GET') await noteShown(deps, c.get('viewer'), { batch, what: 'rejected' });
  const rows = await openRejected(rejectedOf(record.key));
  const pieces = rowsText(rows, { columns: listColumns, format: 'csv' });
  return sendRows(deps, c, { pieces, format: 'csv', name: 'rejected.csv' });
}
