import { batchFilters, readBatchPage } from '../../overview/batch-pages.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { BatchesPage } from '../pages/batches-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';

/** Lists that are not about one batch. */
export function listRoutes(deps: ConsoleDeps): Route[] {
  return [{ method: 'GET', path: '/batches', needs: 'read', handle: (c) => showBatches(deps, c) }];
}

async function showBatches({ readable, ...deps }: ConsoleDeps, c: ConsoleContext) {
  const now = deps.now();
  const state = batchFilters.find((name) => name === c.req.query('state'));
  const prefix = c.req.query('prefix') ?? '';
  const after = c.req.query('after');
  const [page, standing] = await Promise.all([
    readBatchPage(readable.ledger, { state, prefix, after, now }),
    readStanding(readable, now),
  ]);
  const body = <BatchesPage page={page} state={state} prefix={prefix} now={now} />;
  return answerPage(deps, c, {
    title: 'Batches',
    nav: '/batches',
    standing,
    body,
  });
}
