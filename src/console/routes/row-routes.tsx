import { readRowPage, toRowFilter } from '../../overview/row-page.ts';
import { readRowStory } from '../../overview/row-story.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { answerMissing } from '../pages/error-pages.tsx';
import { pageSizes } from '../pages/row-filters.tsx';
import { RowPageBody } from '../pages/row-page.tsx';
import { RowsPage } from '../pages/rows-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';
import { noteShown } from './note-reading.ts';

/** People of a batch. With POST they are shown unmasked, which is logged first. */
export function rowRoutes(deps: ConsoleDeps): Route[] {
  const rows = '/batches/:id/rows';
  const row = '/batches/:id/rows/:row{[0-9]{1,9}}';
  return [
    { method: 'GET', path: rows, needs: 'read', handle: (c) => showRows(deps, c, false) },
    { method: 'POST', path: rows, needs: 'show-people', handle: (c) => showRows(deps, c, true) },
    { method: 'GET', path: row, needs: 'read', handle: (c) => showRow(deps, c, false) },
    { method: 'POST', path: row, needs: 'show-people', handle: (c) => showRow(deps, c, true) },
  ];
}

async function showRows(deps: ConsoleDeps, c: ConsoleContext, isShown: boolean) {
  const { readable } = deps;
  const batch = c.req.param('id') ?? '';
  const [state, code, mark] = ['state', 'code', 'mark'].map(
    (name) => c.req.query(name) || undefined,
  );
  const filter = toRowFilter({ state, code, mark });
  const from = wholeOf(c.req.query('from'));
  const asked = wholeOf(c.req.query('size'));
  const size = pageSizes.find((each) => each === asked) ?? 50;
  const [page, standing] = await Promise.all([
    readRowPage(readable, batch, { filter, from, size }),
    readStanding(readable, deps.now()),
  ]);
  const viewer = c.get('viewer');
  if (isShown) await noteShown(deps, viewer, { batch });
  const body = <RowsPage {...{ batch, filter, size, from, page, viewer, isShown }} />;
  return answerPage(deps, c, { title: `People of ${batch}`, nav: '/batches', standing, body });
}

async function showRow(deps: ConsoleDeps, c: ConsoleContext, isShown: boolean) {
  const { readable, now } = deps;
  const batch = c.req.param('id') ?? '';
  const [story, standing] = await Promise.all([
    readRowStory(readable, batch, wholeOf(c.req.param('row'))),
    readStanding(readable, now()),
  ]);
  if (story === undefined) return answerMissing(deps, c);
  const viewer = c.get('viewer');
  if (isShown) await noteShown(deps, viewer, { batch });
  const body = <RowPageBody story={story} viewer={viewer} isShown={isShown} now={now()} />;
  return answerPage(deps, c, { title: `One of ${batch}`, nav: '/batches', standing, body });
}

/** A number of an address; 0 for anything else. */
function wholeOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
